import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DocumentedCommand {
  /** `docs/operations.md:42` */
  readonly place: string;
  /** As it stands there; what a block continues on further lines is joined. */
  readonly text: string;
  /** A line of a block is meant to be typed as it is; what stands in a sentence only names a command. */
  readonly isTyped: boolean;
  /** Why it is not run by `npm run docs-test`, as the document itself says; null where it is. */
  readonly notRun: string | null;
}

export const rootDir = join(import.meta.dirname, '..', '..');

/** Every document that tells people what to type. */
export function listDocuments(): string[] {
  const ofDocs = readdirSync(join(rootDir, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'ARCHITECTURE.md', ...ofDocs.map((name) => `docs/${name}`)];
}

/** The commands of a document, by its path from the project's root. */
export function readCommands(document: string): DocumentedCommand[] {
  return commandsOf(document, readFileSync(join(rootDir, document), 'utf8'));
}

/**
 * The lines of all `sh` blocks, and the commands that sentences name. A block that cannot be run everywhere says so in a comment
 * before it, for all of it or for the lines that begin so:
 *
 *     <!-- docs-test: not run, because it needs an account at AWS -->
 *     <!-- docs-test: not run "npm test", because this is a part of it -->
 */
export function commandsOf(document: string, markdown: string): DocumentedCommand[] {
  const commands: DocumentedCommand[] = [];
  let marks: Mark[] = [];
  let isBlock = false;
  let isShell = false;
  let open: { place: string; text: string } | null = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^```(\w*)/.exec(line);
    if (fence) {
      isShell = !isBlock && fence[1] === 'sh';
      isBlock = !isBlock;
      if (!isBlock) marks = [];
      continue;
    }
    if (isBlock && isShell && line.trim() !== '') {
      const text: string = open === null ? line : `${open.text}\n${line}`;
      const begun: { place: string; text: string } = { place: open?.place ?? `${document}:${index + 1}`, text };
      open = /[\\|]$/.test(line) ? begun : null;
      if (open === null) commands.push({ ...begun, isTyped: true, notRun: whyNotRun(begun.text, marks) });
    }
    if (isBlock) continue;
    const mark = /^<!-- docs-test: not run(?: "([^"]+)")?, because (.+) -->$/.exec(line);
    if (mark) marks.push({ beginning: mark[1] ?? '', reason: mark[2] ?? '' });
    for (const [, text = ''] of line.matchAll(/`((?:npx|npm run|npm start|npm test|cerberus)\b[^`]*)`/g)) {
      commands.push({ place: `${document}:${index + 1}`, text, isTyped: false, notRun: null });
    }
  }
  return commands;
}

interface Mark {
  /** Empty for all of the block. */
  readonly beginning: string;
  readonly reason: string;
}

function whyNotRun(text: string, marks: readonly Mark[]): string | null {
  return marks.find(({ beginning }) => text.startsWith(beginning))?.reason ?? null;
}

/** The simple commands of a line as words: without what they are piped to being told apart, assignments and comments. */
export function simpleCommands(text: string): string[][] {
  const commands: string[][] = [[]];
  const token = /\s+|#.*|[()]|(?:\|\|?|&&|;)|(?:[<>]+&?\d?)\s*\S*|(?:"[^"]*"|'[^']*'|\\[\s\S]|[^\s"'|;<>()])+/g;
  for (const [found] of text.matchAll(token)) {
    if (/^(?:\|\|?|&&|;|[()])$/.test(found)) commands.push([]);
    else if (!/^(?:\s|#|[<>]|\\\n)/.test(found)) commands.at(-1)?.push(unquoted(found));
  }
  return commands
    .map((words) => words.slice(words.findIndex((word) => !/^(?:[A-Z_]+=.*|npx|sudo|export)$/.test(word))))
    .filter((words) => words.length > 0);
}

/** A quote of the other kind within is a part of the word, as in JSON. */
function unquoted(word: string): string {
  return word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? '');
}
