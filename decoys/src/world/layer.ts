import { type KeptNode, sizeOf, type WorldChange } from './node.ts';
import { nameOf, parentOf } from './paths.ts';

/** What one attacker changed, over an image: new and changed nodes, and what is gone. */
export interface Layer {
  /** The node, null where the image's one is gone, undefined where nothing was changed. */
  readonly find: (path: string) => KeptNode | null | undefined;
  readonly set: (path: string, node: KeptNode | null) => void;
  readonly namesIn: (folder: string) => Iterable<string>;
  readonly changes: () => WorldChange[];
  /** Content and a fixed price for each entry, so that a million empty files are not free. */
  readonly bytes: () => number;
}

const entryBytes = 200;

/** What one visitor changed, over a world that all share: null is what he took away. */
export function createLayer(changes: Iterable<WorldChange> = []): Layer {
  const nodes = new Map<string, KeptNode | null>();
  const names = new Map<string, Set<string>>();
  let bytes = 0;
  for (const [path, node] of changes) set(path, node);

  return {
    find: (path) => nodes.get(path),
    set,
    namesIn: (folder) => names.get(folder) ?? [],
    changes: () => [...nodes],
    bytes: () => bytes,
  };

  function set(path: string, node: KeptNode | null): void {
    bytes += priceOf(node) - (nodes.has(path) ? priceOf(nodes.get(path) ?? null) : 0);
    nodes.set(path, node);
    const parent = parentOf(path);
    const known = names.get(parent);
    if (known) known.add(nameOf(path));
    else names.set(parent, new Set([nameOf(path)]));
  }
}

function priceOf(node: KeptNode | null): number {
  return entryBytes + (node ? sizeOf(node) : 0);
}
