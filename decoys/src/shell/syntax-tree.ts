import type { WordNode } from 'just-bash';
import { parseShell } from './parse-once.ts';

/** A node of the interpreter's tree, whatever its kind. */
export type Plain = Record<string, unknown>;

export function isPlain(node: unknown): node is Plain {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

export function wordOf(text: string): WordNode {
  const [command] = parseShell(`: ${text}`).statements[0]?.pipelines[0]?.commands ?? [];
  const [word] = command?.type === 'SimpleCommand' ? command.args : [];
  if (!word) throw new Error('A word of ours is not read as one.');
  return word;
}

export function partsOf(word: unknown): readonly unknown[] {
  return isPlain(word) && Array.isArray(word['parts']) ? word['parts'] : [];
}

/** A word without anything to expand; undefined where there is. */
export function textOf(word: unknown): string | undefined {
  const parts = partsOf(word);
  const texts = parts.map((part) => (isPlain(part) && part['type'] === 'Literal' ? String(part['value']) : undefined));
  return parts.length > 0 && !texts.includes(undefined) ? texts.join('') : undefined;
}
