/** The known name that a mistyped one most likely means, or undefined where none is near. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const bound = Math.max(2, Math.floor(given.length / 3));
  let best: { name: string; steps: number } | undefined;
  for (const name of known) {
    const steps = editSteps(given.slice(0, 64).toLowerCase(), name.toLowerCase());
    if (steps <= bound && (best === undefined || steps < best.steps)) best = { name, steps };
  }
  return best?.name;
}

/** Insertions, deletions and replacements between two texts (Levenshtein). */
function editSteps(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
