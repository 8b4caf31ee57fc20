import { isMainThread } from 'node:worker_threads';
import { parseInTime } from '@cerberusmesh/contract/parse-in-time';
import { parse, type ScriptNode } from 'just-bash';

/** The listening thread parses too, and others are to be answered within 100 ms whatever one visitor types. */
const timeoutMs = isMainThread ? 50 : 1000;

/** Parses a text into a tree of its own, which may be changed. Throws as `parseOnce` does. */
export const parseShell = parseInTime((text: string): ScriptNode => parse(text), timeoutMs);

let last: { readonly line: string; readonly read: () => ScriptNode } | undefined;

/**
 * Parses a line. The last one is remembered: whether it is whole and what it reads are asked one after the other.
 * @throws ParseGivenUp where the parser comes to no end, and whatever the parser throws.
 */
export function parseOnce(line: string): ScriptNode {
  if (last?.line === line) return last.read();
  try {
    const script = parseShell(line);
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
