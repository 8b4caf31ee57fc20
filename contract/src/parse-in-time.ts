import { createContext, Script } from 'node:vm';

/** Thrown in the parser's place for a text on which it came to no end. */
export class ParseGivenUp extends Error {
  override readonly name = 'ParseGivenUp';
}

/**
 * The shell parser (just-bash 3.4.2) comes to no end, and takes memory until the process is killed, on arithmetic that is cut
 * (`$((1+$))`, `${a:$}`, an open quote in it) and on an index left open (`}${a[`). All that was found in some hundred thousand random texts
 * needs one of these; a narrower look beforehand let others through. On 65,000 times `[` it took 33 s, on a thousand nothing that counts.
 */
export function mayTakeLong(text: string): boolean {
  return text.length > 1000 || /\$\{|\(\(|\$\[/.test(text);
}

/**
 * `parse`, given up after `timeoutMs` of wall time. The engine and the decoys read what attackers type with the same parser, so they share
 * this. It costs a third of a millisecond for texts that may take long, nothing for others.
 * @throws ParseGivenUp, and whatever `parse` throws.
 */
export function parseInTime<Tree>(parse: (text: string) => Tree, timeoutMs: number): (text: string) => Tree {
  // Of Node only `vm` ends a loop on the thread that waits for it.
  const under = { run: (): void => undefined };
  createContext(under);
  const script = new Script('run()');
  return parseUnderDeadline;

  function parseUnderDeadline(text: string): Tree {
    if (!mayTakeLong(text)) return parse(text);
    let tree: { readonly whole: Tree } | undefined;
    under.run = () => {
      tree = { whole: parse(text) };
    };
    try {
      script.runInContext(under, { timeout: timeoutMs });
    } catch (error) {
      throw isOutOfTime(error) ? new ParseGivenUp(`No end within ${timeoutMs} ms.`) : error;
    }
    if (tree === undefined) throw new Error('The parser neither returned nor threw.');
    return tree.whole;
  }
}

/** An error of the script's own realm: no `Error` of ours. */
function isOutOfTime(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
