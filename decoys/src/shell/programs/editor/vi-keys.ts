import type { TextBuffer } from './text-buffer.ts';

/** What the editor asks of the world: to keep the text, or to end. */
export interface ViOrders {
  /** @returns what is told in the last row */
  readonly write: (name: string | undefined) => string;
  readonly quit: () => void;
}

/** vi's commonest keys: moving, typing, taking out, putting back, searching, and the line of `:`. */
export function createViKeys(buffer: TextBuffer, { write, quit }: ViOrders) {
  let mode: 'command' | 'insert' | 'line' = 'command';
  let pending = '';
  let asked = '';
  let told = '';
  let sought = '';
  let taken: string[] = [];

  return {
    press,
    /** The last row of the screen. */
    status: () => (mode === 'line' ? asked : mode === 'insert' ? '-- INSERT --' : told),
    /** Letters are text, as many as come at once. */
    isTyping: () => mode === 'insert',
  };

  function press(key: string): void {
    if (mode === 'insert') {
      type(key);
      return;
    }
    if (mode === 'line') {
      ask(key);
      return;
    }
    told = '';
    command(key);
  }

  function type(key: string): void {
    if (key === 'escape' || key === '\x03') {
      mode = 'command';
      buffer.goTo(buffer.row(), buffer.column() - 1);
    } else if (key === '\r' || key === '\n') buffer.breakLine();
    else if (key === '\x7f' || key === '\b') buffer.removeBefore();
    else if (isArrow(key)) move(key, 1, 1);
    else if (key >= ' ' || key === '\t') buffer.insert(key);
  }

  function ask(key: string): void {
    if (key === 'escape' || key === '\x03') mode = 'command';
    else if (key === '\x7f' || key === '\b') {
      asked = asked.slice(0, -1);
      if (asked === '') mode = 'command';
    } else if (key === '\r' || key === '\n') {
      mode = 'command';
      if (asked.startsWith('/')) search(asked.slice(1));
      else order(asked.slice(1).trim());
    } else if (key.length === 1 && key >= ' ' && asked.length < 200) asked += key;
  }

  function command(key: string): void {
    const typed = pending + key;
    if (/^(?:[1-9]\d{0,4}|\d*[dcyrgZ]|\d*[dcy]\d*)$/.test(typed) && !/^\d*(?:dd|yy|cc|gg|ZZ)$/.test(typed)) {
      pending = typed;
      return;
    }
    pending = '';
    const [, digits = '', name = ''] = /^(\d*)(.*)$/s.exec(typed) ?? [];
    const count = Number(digits) || 1;
    if (isArrow(name) || /^(?:[hjkl0$^wbeG ]|gg|\r|\n|\x7f)$/.test(name)) move(name, count, 0, digits);
    else if (/^[iIaAoO]$/.test(name) || name === 'cc' || name === 'cw' || name === 'C' || name === 's')
      begin(name, count);
    else change(name, count);
  }

  function change(name: string, count: number): void {
    const [row, column] = [buffer.row(), buffer.column()];
    if (name === ':' || name === '/') {
      mode = 'line';
      asked = name;
      return;
    }
    if (name === 'n') {
      search(sought);
      return;
    }
    if (name === 'u') {
      buffer.undo();
      return;
    }
    if (name === 'ZZ') {
      order('x');
      return;
    }
    if (name === 'yy') {
      taken = buffer.lines().slice(row, row + count);
      return;
    }
    buffer.remember();
    if (name === 'x' || name === 'delete') buffer.removeAt(count);
    else if (name === 'dd') taken = buffer.removeLines(count);
    else if (name === 'dG') taken = buffer.removeLines(buffer.lines().length);
    else if (name === 'D' || name === 'd$') buffer.removeAt(buffer.line().length);
    else if (name === 'dw') buffer.removeAt(wordLength());
    else if (name === 'J') joinNext(row);
    else if (name === 'p' || name === 'P') buffer.insertLines(row + (name === 'p' ? 1 : 0), taken);
    else if (/^r.$/s.test(name)) {
      buffer.removeAt(1);
      buffer.goTo(row, column, 1);
      buffer.insert(name.slice(1));
      buffer.goTo(row, column);
    }
  }

  function begin(name: string, count: number): void {
    buffer.remember();
    mode = 'insert';
    const [row, column] = [buffer.row(), buffer.column()];
    if (name === 'a') buffer.goTo(row, column + 1, 1);
    else if (name === 'A') buffer.goTo(row, Number.POSITIVE_INFINITY, 1);
    else if (name === 'I') buffer.goTo(row, buffer.line().search(/\S|$/), 1);
    else if (name === 'o') buffer.insertLines(row + 1, ['']);
    else if (name === 'O') buffer.insertLines(row, ['']);
    else if (name === 'cc') buffer.replaceLine(row, '');
    else if (name !== 'i') {
      buffer.removeAt(name === 'cw' ? wordLength() : name === 's' ? count : buffer.line().length);
      buffer.goTo(row, column, 1);
    }
    if (name === 'cc') buffer.goTo(row, 0, 1);
  }

  function move(name: string, count: number, past: 0 | 1, digits = ''): void {
    const [row, column] = [buffer.row(), buffer.column()];
    const line = buffer.line();
    if (name === 'G') {
      buffer.goTo(digits === '' ? Number.POSITIVE_INFINITY : count - 1, 0);
      return;
    }
    if (name === 'gg') {
      buffer.goTo(0, 0);
      return;
    }
    if (name === 'j' || name === 'down' || name === '\r' || name === '\n') {
      buffer.goTo(row + count, column, past);
      return;
    }
    if (name === 'k' || name === 'up') {
      buffer.goTo(row - count, column, past);
      return;
    }
    if (name === 'h' || name === 'left' || name === '\x7f') {
      buffer.goTo(row, column - count, past);
      return;
    }
    if (name === 'l' || name === 'right' || name === ' ') {
      buffer.goTo(row, column + count, past);
      return;
    }
    if (name === '0' || name === 'home') {
      buffer.goTo(row, 0, past);
      return;
    }
    if (name === '^') {
      buffer.goTo(row, line.search(/\S|$/), past);
      return;
    }
    if (name === '$' || name === 'end') {
      buffer.goTo(row, Number.POSITIVE_INFINITY, past);
      return;
    }
    if (name === 'b') {
      buffer.goTo(row, line.slice(0, column).replace(/\S+\s*$/, '').length);
      return;
    }
    if (name === 'e') {
      buffer.goTo(row, column + Math.max(1, line.slice(column).search(/\S(?:\s|$)/)));
      return;
    }
    if (name === 'w' && column + wordLength() >= line.length) {
      buffer.goTo(row + 1, 0);
      return;
    }
    if (name === 'w') buffer.goTo(row, column + wordLength());
  }

  function wordLength(): number {
    return /^(?:\S+\s*|\s+)/.exec(buffer.line().slice(buffer.column()))?.[0].length ?? 0;
  }

  function joinNext(row: number): void {
    const next = buffer.lines()[row + 1];
    if (next === undefined) return;
    const line = buffer.line();
    buffer.goTo(row + 1, 0);
    buffer.removeLines(1);
    buffer.replaceLine(row, `${line} ${next.trimStart()}`);
    buffer.goTo(row, line.length);
  }

  function search(wanted: string): void {
    sought = wanted === '' ? sought : wanted;
    told = sought !== '' && buffer.find(sought) ? `/${sought}` : `E486: Pattern not found: ${sought}`;
  }

  function order(text: string): void {
    const [, verb = '', name] = /^(w|wq|x|q|qa|wqa?|wa)!?(?:\s+(\S+))?$/.exec(text) ?? [];
    const isForced = text.includes('!');
    if (/^\d+$/.test(text)) buffer.goTo(Number(text) - 1, 0);
    else if (text === '$') buffer.goTo(Number.POSITIVE_INFINITY, 0);
    else if (text.startsWith('%s/') || text.startsWith('s/')) substitute(text);
    else if (verb.startsWith('q') && buffer.isChanged() && !isForced)
      told = 'E37: No write since last change (add ! to override)';
    else if (verb.startsWith('q')) quit();
    else if (verb !== '') {
      told = verb === 'x' && !buffer.isChanged() ? '' : write(name);
      if (/^(?:x|wq)/.test(verb) && !told.startsWith('E')) quit();
    } else if (!/^(?:set|syntax|noh)\b/.test(text) && text !== '') told = `E492: Not an editor command: ${text}`;
  }

  /** Words, not expressions: an evil one would hold the thread. */
  function substitute(text: string): void {
    const [, from = '', to = '', flags = ''] = /^%?s\/((?:\\.|[^/])*)\/((?:\\.|[^/])*)\/?(\w*)$/.exec(text) ?? [];
    if (from === '') return;
    buffer.remember();
    const rows = text.startsWith('%') ? [...buffer.lines().keys()] : [buffer.row()];
    for (const row of rows) {
      const line = buffer.lines()[row] ?? '';
      buffer.replaceLine(row, flags.includes('g') ? line.replaceAll(from, () => to) : line.replace(from, () => to));
    }
  }
}

function isArrow(key: string): boolean {
  return /^(?:up|down|left|right|home|end)$/.test(key);
}
