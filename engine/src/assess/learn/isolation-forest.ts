import { createRandom } from './random.ts';

/**
 * Trees as flat arrays. A node is `feature < 0` for a leaf, whose `threshold` then holds the path length that is left
 * to expect among the rows that ended there.
 */
export interface IsolationForest {
  readonly sampleSize: number;
  readonly roots: Int32Array;
  readonly feature: Int8Array;
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
}

export interface IsolationOptions {
  readonly trees: number;
  readonly sampleSize: number;
  readonly seed: number;
}

/** Grows an isolation forest (Liu, Ting, Zhou 2008): rows that few random cuts set apart are unlike the rest. */
export function growForest(
  rows: readonly Float32Array[],
  { trees, sampleSize, seed }: IsolationOptions,
): IsolationForest {
  const random = createRandom(seed);
  const size = Math.min(sampleSize, rows.length);
  const depthMax = Math.ceil(Math.log2(Math.max(2, size)));
  const nodes: { feature: number; threshold: number; left: number; right: number }[] = [];
  const roots = Int32Array.from({ length: trees }, () => grow(sample(rows, size, random), 0));
  return {
    sampleSize: size,
    roots,
    feature: Int8Array.from(nodes, (node) => node.feature),
    threshold: Float32Array.from(nodes, (node) => node.threshold),
    left: Int32Array.from(nodes, (node) => node.left),
    right: Int32Array.from(nodes, (node) => node.right),
  };

  function grow(inside: readonly Float32Array[], depth: number): number {
    const at = nodes.length;
    const cut = depth < depthMax && inside.length > 1 ? randomCut(inside, random) : null;
    nodes.push({ feature: -1, threshold: depth + expectedPath(inside.length), left: -1, right: -1 });
    if (cut === null) return at;
    const left = grow(
      inside.filter((row) => (row[cut.feature] ?? 0) < cut.threshold),
      depth + 1,
    );
    const right = grow(
      inside.filter((row) => (row[cut.feature] ?? 0) >= cut.threshold),
      depth + 1,
    );
    nodes[at] = { ...cut, left, right };
    return at;
  }
}

/** The mean path of an unsuccessful search in a binary tree of `count` rows. */
export function expectedPath(count: number): number {
  if (count <= 1) return 0;
  return 2 * (Math.log(count - 1) + 0.577_215_664_9) - (2 * (count - 1)) / count;
}

function sample(rows: readonly Float32Array[], size: number, random: () => number): Float32Array[] {
  const picked: Float32Array[] = [];
  for (let at = 0; at < size; at++) {
    const row = rows[Math.floor(random() * rows.length)];
    if (row !== undefined) picked.push(row);
  }
  return picked;
}

function randomCut(rows: readonly Float32Array[], random: () => number): { feature: number; threshold: number } | null {
  const width = rows[0]?.length ?? 0;
  const start = Math.floor(random() * width);
  for (let step = 0; step < width; step++) {
    const feature = (start + step) % width;
    let [low, high] = [Infinity, -Infinity];
    for (const row of rows) {
      low = Math.min(low, row[feature] ?? 0);
      high = Math.max(high, row[feature] ?? 0);
    }
    if (high > low) return { feature, threshold: Math.fround(low + (0.001 + random() * 0.999) * (high - low)) };
  }
  return null;
}
