/** A line of nothing but `!!` is thousands of times as long as the last: typed twice it ended the decoy. */
const addedMax = 65_536;

/**
 * What bash makes of `!!`, `!$`, `!3`, `!-2` and `!cat` in a line that was typed; undefined where there is nothing of that kind, and the name
 * of what is not in the history as `missing`.
 */
export function recallLine(
  line: string,
  history: readonly string[],
): { line: string } | { missing: string } | undefined {
  if (!/![!$\w-]/.test(line) || /'[^']*![^']*'/.test(line)) return undefined;
  let missing: string | undefined;
  let added = 0;
  const made = line.replace(/(^|[^\\])!(!|\$|-?\d+|[A-Za-z]\w*)/g, (whole, before: string, name: string) => {
    const found = lookUp(name, history);
    if (found === undefined) missing ??= `!${name}`;
    added += found?.length ?? 0;
    return found === undefined || added > addedMax ? whole : before + found;
  });
  return missing === undefined ? { line: made } : { missing };
}

function lookUp(name: string, history: readonly string[]): string | undefined {
  if (name === '!') return history.at(-1);
  if (name === '$') return history.at(-1)?.split(/\s+/).at(-1);
  if (/^-?\d+$/.test(name)) return history.at(name.startsWith('-') ? Number(name) : Number(name) - 1);
  return history.findLast((each) => each.startsWith(name));
}
