import { mayTakeLong, ParseGivenUp, parseInTime } from '@cerberusmesh/contract/parse-in-time';
import { parse, type ScriptNode } from 'just-bash';

export interface ScriptParser {
  /** The parser's tree; null where the text is no valid shell, or where it is not known. */
  parse(text: string): ScriptNode | null;
  /** Whether a text was given up, because the parser came to no end. */
  gaveUp(): boolean;
}

/**
 * A parser for one reading. What may take long, or for ever, is parsed under a deadline; the first text that meets it is the last
 * that is tried, or a script that nests twenty such texts would hold the engine for twenty deadlines.
 */
export function createScriptParser(): ScriptParser {
  let hasGivenUp = false;
  return { parse: parseScript, gaveUp: () => hasGivenUp };

  function parseScript(text: string): ScriptNode | null {
    // The parser refuses `<<< d2dldA==`, which it takes for an assignment, and has no `select`, which reads as `for` does.
    const readable = text.replace(assignmentLike, "<<<'$1'").replace(selectHead, '$1for   $2');
    return parsed(text) ?? (readable === text ? null : parsed(readable));
  }

  function parsed(text: string): ScriptNode | null {
    if (hasGivenUp && mayTakeLong(text)) return null;
    try {
      const script = parseUnderDeadline(text);
      return script.statements.some((statement) => statement.deferredError) ? null : script;
    } catch (error) {
      // The parser throws on anything that is no shell, and a RangeError on deep nesting; both mean: read the words.
      hasGivenUp ||= error instanceof ParseGivenUp;
      return null;
    }
  }
}

const assignmentLike = /<<<\s*([A-Za-z_]\w*\+?=[\w=+/.:-]*)/g;
/** Written anew in the same length, so that places stay. */
const selectHead = /(^|[\s;&|(])select(\s+\w+\s+in\s)/g;

/** A hundred times what the longest text takes that ends. */
const parseUnderDeadline = parseInTime((text: string): ScriptNode => parse(text), 250);

/** Statements cut out of a session keep their separators (`cd /tmp &&`, `; ls`), which the parser would refuse. */
export function withoutSeparators(text: string): { body: string; offset: number } {
  const offset = /^[\s;&|]*/.exec(text)?.[0].length ?? 0;
  let end = text.length;
  // Not by a regular expression: `(?:\s|;)+$` takes quadratic time on a long run of blanks in the middle.
  while (end > offset && /[\s;&|]/.test(text[end - 1] ?? '') && text[end - 2] !== '\\') end--;
  // A single `&` at the end is no separator only: it sends the command to the background.
  if (text[end] === '&' && text[end + 1] !== '&') end++;
  return { body: text.slice(offset, end), offset };
}
