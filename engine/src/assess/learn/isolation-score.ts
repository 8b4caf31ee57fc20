import { expectedPath, type IsolationForest } from './isolation-forest.ts';

/** Of a link: the lowest bits name the feature, the others the left child. */
const featureBits = 8;
const featureMask = 0xff;
const leaf = -1;

/**
 * Tells how unlike all others a row is: 0 like all others … 1 unlike any; about 0.5 says nothing either way.
 *
 * The trees are laid out anew for it: a node is a link and a threshold beside each other, and so are its two children, so
 * that a step reads one line of the processor's cache instead of four. Measured with the shipped forest: a quarter less
 * time. Steps without a branch (cuts numbered, every tree gone down to its depth) were no faster.
 */
export function createIsolationScore(forest: IsolationForest): (row: Float32Array) => number {
  const { links, thresholds, roots } = layOut(forest);
  const scale = roots.length * expectedPath(forest.sampleSize);

  return function isolationScore(row) {
    let total = 0;
    for (const root of roots) {
      let at = root;
      let link = links[at] ?? leaf;
      while (link !== leaf) {
        const isRight = (row[link & featureMask] ?? 0) >= (thresholds[at + 1] ?? 0);
        at = (link >> featureBits) + (isRight ? 2 : 0);
        link = links[at] ?? leaf;
      }
      total += thresholds[at + 1] ?? 0;
    }
    return 2 ** (-total / scale);
  };
}

/** Two words a node: parents before children, tree after tree. */
function layOut(forest: IsolationForest) {
  const words = new ArrayBuffer(forest.feature.length * 8);
  const [links, thresholds] = [new Int32Array(words), new Float32Array(words)];
  const roots = new Int32Array(forest.roots.length);
  let used = 0;
  for (const [tree, root] of forest.roots.entries()) {
    roots[tree] = used;
    const waiting = [{ from: root, to: used }];
    used += 2;
    for (const { from, to } of waiting) {
      const feature = forest.feature[from] ?? leaf;
      thresholds[to + 1] = forest.threshold[from] ?? 0;
      links[to] = feature < 0 ? leaf : (used << featureBits) | feature;
      if (feature < 0) continue;
      waiting.push({ from: forest.left[from] ?? 0, to: used }, { from: forest.right[from] ?? 0, to: used + 2 });
      used += 4;
    }
  }
  return { links, thresholds, roots };
}
