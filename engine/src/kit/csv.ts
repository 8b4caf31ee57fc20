/**
 * One record of CSV (RFC 4180), every cell in quotes. A spreadsheet takes a cell that begins with one of these for a
 * formula and runs it; an apostrophe before makes it text again.
 */
export function csvRecord(cells: readonly unknown[]): string {
  return `${cells.map((cell) => `"${guarded(textOf(cell)).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

function guarded(text: string): string {
  // Blanks before it do not help: spreadsheets skip them. The full-width forms act like the plain ones.
  return /^\s*[=+\-@\t\r\n|%＝＋－＠]/u.test(text) ? `'${text}` : text;
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (Array.isArray(cell)) return cell.map(String).join(' ');
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}
