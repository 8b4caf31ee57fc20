import { createHistorySearch, type HistorySearch } from './history-search.ts';

/** What the keys of a terminal did to the line being typed. */
export type Typed =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'end' };

export interface LineEditorOptions {
  readonly write: (text: string) => void;
  readonly typed: (typed: Typed) => void;
  /** Completions of the word before the cursor; the whole line so far is given. */
  readonly complete: (line: string) => { readonly replace: number; readonly names: readonly string[] };
  readonly history: () => readonly string[];
  readonly columns: () => number;
}

const lineMax = 16_384;

/** A line editor as readline shows one. Takes raw bytes of a terminal, echoes what a person sees, and tells whole lines. */
export function createLineEditor({ write, typed, complete, history, columns }: LineEditorOptions) {
  let line = '';
  let cursor = 0;
  let prompt = '';
  let isEchoed = true;
  let sequenceSoFar = '';
  let recalled: number | undefined;
  let kept = '';
  let lastKey = '';
  /** What Ctrl-R looks for. */
  let search: HistorySearch | undefined;

  return { open, feed, redraw };

  /** Begins a line. Without echo for passwords. */
  function open(newPrompt: string, echoes = true): void {
    prompt = newPrompt;
    isEchoed = echoes;
    line = '';
    cursor = 0;
    recalled = undefined;
    write(newPrompt);
  }

  /** Takes keys until a line is whole; returns the rest, which belongs to whatever comes next. */
  function feed(text: string): string {
    for (let at = 0; at < text.length; at++) {
      const letter = text[at] ?? '';
      if (sequenceSoFar !== '' || letter === '\x1b') {
        takeEscape(letter);
        continue;
      }
      if (letter === '\n' && lastKey === '\r') {
        lastKey = '';
        continue;
      }
      const ended = takeKey(letter);
      lastKey = letter;
      if (ended) return text.slice(at + 1);
    }
    return '';
  }

  function redraw(): void {
    write(prompt + line);
    moveBack(line.length - cursor);
  }

  function takeKey(letter: string): boolean {
    if (search && !leaveSearch(letter)) return false;
    switch (letter) {
      case '\r':
      case '\n':
        write('\r\n');
        return end({ kind: 'line', text: line });
      case '\x03':
        write('^C\r\n');
        return end({ kind: 'interrupt' });
      case '\x04':
        if (line === '') return end({ kind: 'end' });
        removeAt(cursor);
        return false;
      case '\x7f':
      case '\b':
        if (cursor > 0) removeAt(--cursor, true);
        return false;
      case '\x01':
        moveBack(cursor);
        cursor = 0;
        return false;
      case '\x05':
        toEnd();
        return false;
      case '\x15':
        replace(line.slice(cursor), 0);
        return false;
      case '\x0b':
        replace(line.slice(0, cursor), cursor);
        return false;
      case '\x17': {
        const start = line.slice(0, cursor).replace(/\S+\s*$/, '').length;
        replace(line.slice(0, start) + line.slice(cursor), start);
        return false;
      }
      case '\x0c':
        write('\x1b[H\x1b[2J');
        redraw();
        return false;
      case '\x12':
        if (isEchoed) beginSearch();
        return false;
      case '\x10':
        recall(-1);
        return false;
      case '\x0e':
        recall(1);
        return false;
      case '\t':
        if (isEchoed) completeWord();
        return false;
      default:
        if (letter >= ' ' && line.length < lineMax) insert(letter);
        return false;
    }
  }

  function end(what: Typed): boolean {
    line = '';
    cursor = 0;
    typed(what);
    return true;
  }

  function insert(letters: string): void {
    line = line.slice(0, cursor) + letters + line.slice(cursor);
    cursor += letters.length;
    if (!isEchoed) return;
    write(letters + line.slice(cursor));
    moveBack(line.length - cursor);
  }

  function removeAt(at: number, isBack = false): void {
    if (at >= line.length) return;
    line = line.slice(0, at) + line.slice(at + 1);
    if (!isEchoed) return;
    const rest = line.slice(at);
    // At the end readline takes the letter away with three signs; elsewhere it draws the rest again.
    if (isBack && rest === '') write('\b\x1b[K');
    else {
      write(`${isBack ? '\b' : ''}${rest}\x1b[K`);
      moveBack(rest.length);
    }
  }

  function replace(text: string, at: number): void {
    if (isEchoed) {
      moveBack(cursor);
      write(`${text}\x1b[K`);
      moveBack(text.length - at);
    }
    line = text;
    cursor = at;
  }

  function toEnd(): void {
    if (isEchoed) write(line.slice(cursor));
    cursor = line.length;
  }

  function moveBack(count: number): void {
    if (count > 0 && isEchoed) write(count < 4 ? '\b'.repeat(count) : `\x1b[${count}D`);
  }

  function recall(step: 1 | -1): void {
    const lines = history();
    const from = recalled ?? lines.length;
    const next = from + step;
    if (!isEchoed || next < 0 || next > lines.length) {
      write('\x07');
      return;
    }
    if (recalled === undefined) kept = line;
    recalled = next === lines.length ? undefined : next;
    const text = recalled === undefined ? kept : (lines[next] ?? '');
    replace(text, text.length);
  }

  function beginSearch(): void {
    search = createHistorySearch(history());
    kept = line;
    write(`\r\x1b[K${search.shown()}`);
  }

  /** @returns whether the key is the line's again */
  function leaveSearch(letter: string): boolean {
    if (!search) return true;
    const isCancelled = letter === '\x07' || letter === '\x03';
    if (!isCancelled && search.press(letter)) {
      write(`\r\x1b[K${search.shown()}`);
      return false;
    }
    line = isCancelled ? kept : (search.found() ?? kept);
    cursor = line.length;
    search = undefined;
    write(`\r\x1b[K${prompt.slice(prompt.lastIndexOf('\n') + 1)}${line}`);
    return letter !== '\x07';
  }

  function takeEscape(letter: string): void {
    if (search) leaveSearch('');
    sequenceSoFar = sequenceSoFar === '' ? 'ESC' : sequenceSoFar + letter;
    const [, sequence] = /^ESC(\[[0-9;]*[A-Za-z~]|O[A-Za-z]|[^[O])$/.exec(sequenceSoFar) ?? [];
    if (sequence === undefined && sequenceSoFar.length < 16) return;
    sequenceSoFar = '';
    if (sequence !== undefined) obey(sequence.replace(/^O/, '['));
  }

  function obey(sequence: string): void {
    if (sequence === '[A') recall(-1);
    else if (sequence === '[B') recall(1);
    else if (sequence === '[C' && cursor < line.length) write(isEchoed ? (line[cursor++] ?? '') : '');
    else if (sequence === '[D' && cursor > 0) {
      cursor--;
      moveBack(1);
    } else if (/^\[(?:H|[17]~)$/.test(sequence)) {
      moveBack(cursor);
      cursor = 0;
    } else if (/^\[(?:F|[48]~)$/.test(sequence)) toEnd();
    else if (sequence === '[3~') removeAt(cursor);
  }

  function completeWord(): void {
    const before = line.slice(0, cursor);
    const { replace: length, names } = complete(before);
    const common = commonStart(names);
    if (names.length === 1) insert(`${common.slice(length)}${common.endsWith('/') ? '' : ' '}`);
    else if (common.length > length) insert(common.slice(length));
    else if (names.length > 1 && lastKey === '\t') {
      const width = Math.max(...names.map((name) => name.length)) + 2;
      const perRow = Math.max(1, Math.floor(columns() / width));
      const shown = names.slice(0, 200).map((name) => name.padEnd(width));
      const rows = Array.from({ length: Math.ceil(shown.length / perRow) }, (_, row) =>
        shown
          .slice(row * perRow, (row + 1) * perRow)
          .join('')
          .trimEnd(),
      );
      write(`\r\n${rows.join('\r\n')}\r\n`);
      redraw();
    } else write('\x07');
  }
}

function commonStart(names: readonly string[]): string {
  const [first = '', ...rest] = names;
  let length = first.length;
  for (const name of rest) while (!name.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}
