import type { ScannedWord } from './scan-words.ts';
import { bounds, type Redirect, type Span, type Variable } from './statement.ts';

/** A command of a pipeline with its words told, before wrappers are taken off. */
export interface Stage {
  readonly words: readonly string[];
  readonly variables: readonly Variable[];
  readonly redirects: readonly Redirect[];
  /** Text given to it by `<<` or `<<<`. */
  readonly heredoc: string | null;
  readonly span: Span;
  /** Names of the commands whose output it runs as a file: `bash <(…)`. */
  readonly fedBy: readonly string[];
}

/** The fallback for text that is no valid shell: the words up to each operator are a command, those between `|` a pipeline. */
export function scannedPipelines(scanned: readonly ScannedWord[]): Stage[][] {
  const pipelines: Stage[][] = [];
  let stages: Stage[] = [];
  let words: ScannedWord[] = [];
  for (const word of scanned) {
    if (!word.operator || /[<>]/.test(word.text)) words.push(word);
    else {
      endStage();
      if (word.text !== '|') endPipeline();
    }
  }
  endStage();
  endPipeline();
  return pipelines;

  function endStage(): void {
    if (words.length > 0) stages.push(scannedStage(words));
    words = [];
  }

  function endPipeline(): void {
    if (stages.length > 0) pipelines.push(stages);
    stages = [];
  }
}

function scannedStage(scanned: readonly ScannedWord[]): Stage {
  const words: string[] = [];
  const redirects: Redirect[] = [];
  for (let at = 0; at < scanned.length; at++) {
    const word = scanned[at];
    if (word === undefined) continue;
    if (word.operator) redirects.push({ operator: word.text, target: scanned[++at]?.text ?? '' });
    else words.push(word.text.slice(0, bounds.wordCharacters));
  }
  const span = { start: scanned[0]?.start ?? 0, end: scanned.at(-1)?.end ?? 0 };
  return { words: words.slice(0, bounds.words), variables: [], redirects, heredoc: null, span, fedBy: [] };
}
