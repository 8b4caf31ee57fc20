import { parse, type ScriptNode } from 'just-bash';
import { isEndless } from './endless.ts';

/** The parser's tree; null where the text is no valid shell. */
export function parseScript(text: string): ScriptNode | null {
  // The parser refuses `<<< d2dldA==`, which it takes for an assignment.
  return parsed(text) ?? (text.includes('<<<') ? parsed(text.replace(assignmentLike, "<<<'$1'")) : null);
}

const assignmentLike = /<<<\s*([A-Za-z_]\w*\+?=[\w=+/.:-]*)/g;

function parsed(text: string): ScriptNode | null {
  if (isEndless(text)) return null;
  try {
    const script = parse(text);
    return script.statements.some((statement) => statement.deferredError) ? null : script;
  } catch {
    // The parser throws on anything that is no shell, and a RangeError on deep nesting; both mean: read the words.
    return null;
  }
}

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
