/** The text of an editor and where its cursor stands; rows and columns count from 0. Bounded: what does not fit is not taken. */
export function createTextBuffer(text: string, bytesMax: number) {
  let lines = text.replace(/\n$/, '').split('\n');
  let [row, column] = [0, 0];
  let undone: { lines: string[]; row: number; column: number } | undefined;
  let isChanged = false;

  return {
    lines: (): readonly string[] => lines,
    row: () => row,
    column: () => column,
    line,
    isChanged: () => isChanged,
    saved() {
      isChanged = false;
    },
    text: () => (lines.length === 1 && lines[0] === '' ? '' : `${lines.join('\n')}\n`),
    goTo,
    insert,
    breakLine,
    removeBefore,
    removeAt,
    removeLines,
    insertLines,
    replaceLine,
    remember,
    undo,
    find,
  };

  function line(): string {
    return lines[row] ?? '';
  }

  /** @param past 1 where the cursor may stand behind the last letter, as it does while one types */
  function goTo(newRow: number, newColumn: number, past: 0 | 1 = 0): void {
    row = Math.max(0, Math.min(lines.length - 1, newRow));
    column = Math.max(0, Math.min(Math.max(0, line().length - 1 + past), newColumn));
  }

  function insert(letters: string): void {
    if (size() + letters.length > bytesMax) return;
    change(line().slice(0, column) + letters + line().slice(column));
    column += letters.length;
  }

  function breakLine(): void {
    if (size() + 1 > bytesMax) return;
    const rest = line().slice(column);
    change(line().slice(0, column));
    lines.splice(row + 1, 0, rest);
    goTo(row + 1, 0, 1);
  }

  function removeBefore(): void {
    if (column > 0) {
      change(line().slice(0, column - 1) + line().slice(column));
      column--;
    } else if (row > 0) {
      const rest = line();
      lines.splice(row, 1);
      row--;
      column = line().length;
      change(line() + rest);
    }
  }

  function removeAt(count: number): void {
    change(line().slice(0, column) + line().slice(column + count));
    goTo(row, column);
  }

  function removeLines(count: number): string[] {
    isChanged = true;
    const gone = lines.splice(row, count);
    if (lines.length === 0) lines = [''];
    goTo(row, 0);
    return gone;
  }

  function insertLines(at: number, more: readonly string[]): void {
    if (size() + more.join('\n').length > bytesMax) return;
    isChanged = true;
    lines.splice(at, 0, ...more);
    goTo(at, 0);
  }

  function replaceLine(at: number, text: string): void {
    if (lines[at] === text) return;
    isChanged = true;
    lines[at] = text;
  }

  /** What `undo` brings back: one step, which it also takes forward again. */
  function remember(): void {
    undone = { lines: [...lines], row, column };
  }

  function undo(): void {
    if (!undone) return;
    const back = undone;
    remember();
    lines = [...back.lines];
    goTo(back.row, back.column);
    isChanged = true;
  }

  /** The next place of a text behind the cursor, from the top again where there is none below. */
  function find(wanted: string): boolean {
    for (let step = 0; step <= lines.length; step++) {
      const at = (row + step) % lines.length;
      const found = (lines[at] ?? '').indexOf(wanted, step === 0 ? column + 1 : 0);
      if (found < 0) continue;
      goTo(at, found);
      return true;
    }
    return false;
  }

  function change(text: string): void {
    isChanged = true;
    lines[row] = text;
  }

  function size(): number {
    return lines.reduce((sum, each) => sum + each.length + 1, 0);
  }
}

export type TextBuffer = ReturnType<typeof createTextBuffer>;
