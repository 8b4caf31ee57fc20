import type { TextBuffer } from './text-buffer.ts';
import type { ViOrders } from './vi-keys.ts';

/** nano: letters are text, Ctrl-O writes, Ctrl-X leaves and asks first, Ctrl-K and Ctrl-U cut and paste, Ctrl-W searches. */
export function createNanoKeys(buffer: TextBuffer, { write, quit }: ViOrders, operand: string | undefined) {
  let asking: 'name' | 'save' | 'search' | undefined;
  let isLeaving = false;
  let answer = '';
  let told = '';
  let cut: string[] = [];

  return { press, status, isTyping: () => asking === undefined };

  function status(): string {
    if (asking === 'save') return '\x1b[7mSave modified buffer? \x1b[m';
    if (asking === 'name') return `\x1b[7mFile Name to Write: ${answer}\x1b[m`;
    return asking === 'search' ? `\x1b[7mSearch: ${answer}\x1b[m` : told;
  }

  function press(key: string): void {
    told = '';
    if (asking === 'save') {
      decide(key);
      return;
    }
    if (asking !== undefined) {
      fill(key);
      return;
    }
    edit(key);
  }

  function decide(key: string): void {
    asking = undefined;
    if (/^n$/i.test(key)) quit();
    else if (/^y$/i.test(key)) askName();
    else isLeaving = false;
  }

  function fill(key: string): void {
    if (key === '\r' || key === '\n') {
      const what = asking;
      asking = undefined;
      if (what === 'search') {
        if (answer !== '' && !buffer.find(answer)) told = `[ "${answer}" not found ]`;
        return;
      }
      const said = write(answer === '' ? undefined : answer);
      told = said.startsWith('E') ? '[ Error writing file ]' : `[ Wrote ${buffer.lines().length} lines ]`;
      if (isLeaving && !said.startsWith('E')) quit();
    } else if (key === '\x03' || key === 'escape') {
      asking = undefined;
      isLeaving = false;
      told = '[ Cancelled ]';
    } else if (key === '\x7f' || key === '\b') answer = answer.slice(0, -1);
    else if (key.length === 1 && key >= ' ' && answer.length < 200) answer += key;
  }

  function edit(key: string): void {
    const [row, column] = [buffer.row(), buffer.column()];
    if (key === '\x18') {
      leave();
      return;
    }
    if (key === '\x0f') {
      askName();
      return;
    }
    if (key === '\x17') {
      asking = 'search';
      answer = '';
    } else if (key === '\x0b') cut = buffer.removeLines(1);
    else if (key === '\x15') buffer.insertLines(row, cut);
    else if (key === '\r' || key === '\n') buffer.breakLine();
    else if (key === '\x7f' || key === '\b') buffer.removeBefore();
    else if (key === 'delete') buffer.removeAt(1);
    else if (key === 'up' || key === '\x10') buffer.goTo(row - 1, column, 1);
    else if (key === 'down' || key === '\x0e') buffer.goTo(row + 1, column, 1);
    else if (key === 'left') buffer.goTo(row, column - 1, 1);
    else if (key === 'right') buffer.goTo(row, column + 1, 1);
    else if (key === 'home' || key === '\x01') buffer.goTo(row, 0, 1);
    else if (key === 'end' || key === '\x05') buffer.goTo(row, Number.POSITIVE_INFINITY, 1);
    else if (key.length === 1 && (key >= ' ' || key === '\t')) buffer.insert(key);
  }

  function leave(): void {
    if (!buffer.isChanged()) {
      quit();
      return;
    }
    isLeaving = true;
    asking = 'save';
  }

  function askName(): void {
    asking = 'name';
    answer = operand ?? '';
  }
}
