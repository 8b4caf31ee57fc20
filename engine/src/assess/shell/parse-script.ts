import { createContext, Script } from 'node:vm';
import { parse, type ScriptNode } from 'just-bash';

export interface ScriptParser {
  /** The parser's tree; null where the text is no valid shell, or where it is not known. */
  parse(text: string): ScriptNode | null;
  /** Whether a text was given up, because the parser came to no end. */
  gaveUp(): boolean;
}

/**
 * A parser for one reading. On arithmetic that is cut (`$((1+$))`, `${a:$}`, an open quote or backtick in it) and on an index
 * that is left open (`}${a[`) just-bash takes memory for ever: a visitor who typed eight characters would have ended the
 * engine. So what could hold such is parsed under a deadline; the first that meets it is the last that is tried.
 */
export function createScriptParser(): ScriptParser {
  let hasGivenUp = false;
  return { parse: parseScript, gaveUp: () => hasGivenUp };

  function parseScript(text: string): ScriptNode | null {
    // The parser refuses `<<< d2dldA==`, which it takes for an assignment.
    return parsed(text) ?? (text.includes('<<<') ? parsed(text.replace(assignmentLike, "<<<'$1'")) : null);
  }

  function parsed(text: string): ScriptNode | null {
    const isRisky = mayNotEnd.test(text);
    if (isRisky && hasGivenUp) return null;
    try {
      const script = isRisky ? parseInTime(text) : parse(text);
      return script.statements.some((statement) => statement.deferredError) ? null : script;
    } catch (error) {
      // The parser throws on anything that is no shell, and a RangeError on deep nesting; both mean: read the words.
      hasGivenUp ||= isOutOfTime(error);
      return null;
    }
  }
}

/** All that was found in some hundred thousand random texts needs one of these. The deadline costs a third of a millisecond. */
const mayNotEnd = /\$\{|\(\(|\$\[/;
const assignmentLike = /<<<\s*([A-Za-z_]\w*\+?=[\w=+/.:-]*)/g;

/** A hundred times what the longest text takes that ends. */
const deadlineMs = 250;
const under = { run: () => parse('') };
createContext(under);
const underDeadline = new Script('run()');

/** Nothing else of Node's ends a loop on the thread that waits for it. */
function parseInTime(text: string): ScriptNode {
  under.run = () => parse(text);
  return underDeadline.runInContext(under, { timeout: deadlineMs });
}

/** An error of the script's own realm: no `Error` of ours. */
function isOutOfTime(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
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
