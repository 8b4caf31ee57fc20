import { parse, type ScriptNode } from 'just-bash';

let last: { readonly line: string; readonly read: () => ScriptNode } | undefined;

/** Parses a line, or throws what the parser throws. The last line is remembered: whether it is whole and what it reads are asked one after the other. */
export function parseOnce(line: string): ScriptNode {
  if (last?.line === line) return last.read();
  try {
    const script = parse(line);
    last = { line, read: () => script };
    return script;
  } catch (error) {
    last = {
      line,
      read: () => {
        throw error;
      },
    };
    throw error;
  }
}
