import { isMainThread } from 'node:worker_threads';
import { ParseGivenUp, parseInTime } from '@cerberusmesh/contract/parse-in-time';
import { parse, type ScriptNode } from 'just-bash';
import { cutArithmetic } from './cut-arithmetic.ts';

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

/** A thread that says nothing for two and a half seconds (`silentMs`) is ended, and the line around the text was parsed before. */
const innerTimeoutMs = isMainThread ? 50 : 400;
const innerLengthMax = 4096;
const parseInner = parseInTime((text: string): ScriptNode => parse(text), innerTimeoutMs);

/** What bash says of a text that another shell or `eval` is given, where the interpreter would come to no end on it; undefined of all others. */
export function cutText(text: string): string | undefined {
  if (text.length > innerLengthMax) return undefined;
  try {
    parseInner(text);
  } catch (error) {
    // Other faults the interpreter tells by itself.
    if (error instanceof ParseGivenUp) return cutArithmetic(text);
  }
  return undefined;
}
