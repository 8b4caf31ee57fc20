import type { WorldNode } from './node.ts';
import { nameOf, parentOf } from './paths.ts';

/** A persona's file system as every attacker first finds it. Shared by all worlds of a process, never changed. */
export interface Image {
  readonly find: (path: string) => WorldNode | undefined;
  readonly childrenOf: (path: string) => readonly string[];
  readonly paths: () => IterableIterator<string>;
}

/** Makes an image of entries in any order; folders that nobody named come with the time of the first entry below them. */
export function createImage(entries: Iterable<readonly [path: string, node: WorldNode]>): Image {
  const nodes = new Map<string, WorldNode>();
  const children = new Map<string, string[]>();
  for (const [path, node] of entries) add(path, node);

  return {
    find: (path) => nodes.get(path),
    childrenOf: (path) => children.get(path) ?? [],
    paths: () => nodes.keys(),
  };

  function add(path: string, node: WorldNode): void {
    const isNew = !nodes.has(path);
    nodes.set(path, node);
    if (!isNew || path === '/') return;
    const parent = parentOf(path);
    if (!nodes.has(parent)) add(parent, { kind: 'folder', mode: 0o755, uid: 0, gid: 0, mtimeMs: node.mtimeMs });
    const siblings = children.get(parent);
    if (siblings) siblings.push(nameOf(path));
    else children.set(parent, [nameOf(path)]);
  }
}
