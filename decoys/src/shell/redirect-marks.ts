import type { ScriptNode, TransformContext, WordNode } from 'just-bash';

/**
 * The interpreter looks at where output is to go only by `exists`, and takes a folder that is not there for the end of the whole
 * statement. So each target is marked before a script is run: `exists` of a marked path may throw, which the interpreter tells as a
 * fault of that command alone. No path of the world begins so.
 */
const mark = '/\u0001/';

export const markRedirects = {
  name: 'redirect-marks',
  transform: ({ ast }: TransformContext): { ast: ScriptNode } => {
    walk(ast);
    return { ast };
  },
};

export function isMarked(path: string): boolean {
  return path.startsWith(mark);
}

export function withMark(path: string): string {
  return mark + path;
}

export function withoutMark(path: string): string {
  return path.startsWith(mark) ? path.slice(mark.length) : path;
}

export function hasMark(text: string): boolean {
  return text.includes(mark);
}

/** In a fault's text the path is shown as it was written. */
export function withoutMarks(text: string): string {
  return hasMark(text) ? text.replaceAll(mark, '') : text;
}

function walk(node: unknown): void {
  if (Array.isArray(node)) {
    for (const each of node) walk(each);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  if ('redirections' in node && Array.isArray(node.redirections))
    for (const each of node.redirections) markTarget(each);
  for (const each of Object.values(node)) if (typeof each === 'object') walk(each);
}

function markTarget({ operator, target }: { operator: string; target: WordNode | { type: 'HereDoc' } }): void {
  if (target.type !== 'Word' || !/^&?>>?[|]?$|^<>$/.test(operator)) return;
  const [first] = target.parts;
  const start = first?.type === 'Literal' ? first.value : '';
  // Devices are the interpreter's own, by their names; a network is none.
  if (start.startsWith('/dev/') && !/^\/dev\/(?:tcp|udp|shm)\//.test(start)) return;
  if (start.startsWith(mark)) return;
  // The tree is the interpreter's own of this one run.
  (target as { parts: WordNode['parts'] }).parts = [{ type: 'Literal', value: mark }, ...target.parts];
}
