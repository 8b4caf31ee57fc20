/** Names side by side, down the columns, as `ls` does on a terminal of that width. */
export function inColumns(names: readonly string[], width: number): string {
  if (names.length === 0) return '';
  for (let rows = 1; rows <= names.length; rows++) {
    const columns = Math.ceil(names.length / rows);
    const widths = Array.from({ length: columns }, (_, column) =>
      Math.max(...names.slice(column * rows, (column + 1) * rows).map((name) => name.length)),
    );
    if (rows < names.length && widths.reduce((sum, each) => sum + each + 2, -2) > width) continue;
    return Array.from({ length: rows }, (_, row) => {
      const line = widths.map((each, column) => {
        const name = names[column * rows + row];
        return name === undefined ? '' : (column + 1) * rows + row < names.length ? name.padEnd(each + 2) : name;
      });
      return `${line.join('')}\n`;
    }).join('');
  }
  return '';
}
