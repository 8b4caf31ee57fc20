import { WorldFault } from '../../../world/faults.ts';
import { nameOf as fileNameOf, resolvePath } from '../../../world/paths.ts';
import { type Call, fail, type Machine, type Programs, type Result, say } from '../../program.ts';
import { wholeFile } from '../files.ts';
import { keysOf, lettersOf } from './editor-keys.ts';
import { createNanoKeys } from './nano-keys.ts';
import { createTextBuffer, type TextBuffer } from './text-buffer.ts';
import { createViKeys } from './vi-keys.ts';

/** Editors that own the terminal: what is typed changes the text, what is written is in the world. */
export const editorPrograms: Programs = { vi: editor, vim: editor, nano: editor };

async function editor({ args, machine, name, shell }: Call): Promise<Result> {
  const operand = args.find((arg) => !/^[-+]/.test(arg));
  if (name === 'nano' && /^(?:-V|--version)$/.test(args[0] ?? '')) return say(nanoVersion);
  if (!machine.visitor.terminal)
    return fail(
      name === 'nano'
        ? 'Standard input is not a terminal\n'
        : 'Vim: Warning: Output is not to a terminal\nVim: Warning: Input is not from a terminal\n',
    );
  return await edit({ machine, shell }, name === 'nano' ? 'nano' : 'vi', operand);
}

const nanoVersion =
  ' GNU nano, version 6.2\n (C) 1999-2011, 2013-2022 Free Software Foundation, Inc.\n (C) 2014-2022 the contributors to nano\n Compiled options: --disable-libmagic --enable-utf8\n';
const textMax = 512 * 1024;
/** Times that keys came: an editor that is left open ends with its visitor, and one that is fed without end ends too. */
const burstsMax = 20_000;
const fedMax = 4 * 1024 * 1024;

/** Opens a file in an editor until the visitor leaves it. */
export async function edit(
  call: Pick<Call, 'machine' | 'shell'>,
  kind: 'vi' | 'nano',
  operand: string | undefined,
): Promise<Result> {
  const { machine, shell } = call;
  const found = operand === undefined ? undefined : wholeFile(call, operand)?.toString('utf8');
  const text = (found ?? '').slice(0, textMax);
  const buffer = createTextBuffer(text, textMax);
  let isOpen = true;
  const orders = {
    write(name = operand): string {
      if (name === undefined) return 'E32: No file name';
      return keep(machine, resolvePath(shell.cwd, name), name, buffer);
    },
    quit() {
      isOpen = false;
    },
  };
  const first =
    operand === undefined
      ? ''
      : `"${operand}" ${found === undefined ? '[New]' : `${buffer.lines().length}L, ${text.length}B`}`;
  const keys = kind === 'vi' ? createViKeys(buffer, orders) : createNanoKeys(buffer, orders, operand);
  let [top, fed, isFirst] = [0, 0, true];
  for (let bursts = 0; isOpen && bursts < burstsMax && fed < fedMax; bursts++) {
    const { columns, rows = 24 } = machine.visitor;
    const height = kind === 'vi' ? rows - 1 : rows - 4;
    if (buffer.row() < top) top = buffer.row();
    if (buffer.row() >= top + height) top = buffer.row() - height + 1;
    const frame = { buffer, top, height, columns, rows, status: isFirst && kind === 'vi' ? first : keys.status() };
    const shown = kind === 'vi' ? viScreen(frame) : nanoScreen(frame, operand);
    const typed = await machine.ask(`${isFirst ? '\x1b[?1049h\x1b[2J' : ''}${shown}`, 'keys');
    if (typed === null) break;
    isFirst = false;
    fed += typed.length;
    for (const key of keysOf(typed, keys.isTyping)) {
      if (!isOpen) break;
      const letters = lettersOf(key);
      if (letters === undefined) keys.press(key);
      else buffer.insert(letters);
    }
  }
  return say(`\x1b[${machine.visitor.rows ?? 24};1H\x1b[K\x1b[?1049l`);
}

function keep(machine: Machine, path: string, name: string, buffer: TextBuffer): string {
  const text = buffer.text();
  const isNew = machine.world.find(path) === undefined;
  try {
    machine.world.write(path, Buffer.from(text, 'utf8'), machine.actor);
  } catch (error) {
    if (!(error instanceof WorldFault)) throw error;
    return `E212: Can't open file for writing`;
  }
  buffer.saved();
  machine.tell({
    eventid: 'cowrie.session.input',
    fields: { realm: 'editor', input: text.slice(0, 1_000) },
    message: `INPUT (editor): wrote ${fileNameOf(path)}`,
  });
  return `"${name}" ${isNew ? '[New] ' : ''}${buffer.lines().length}L, ${Buffer.byteLength(text)}B written`;
}

interface Frame {
  readonly buffer: TextBuffer;
  /** The row of the text that is shown first. */
  readonly top: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  readonly status: string;
}

function viScreen({ buffer, top, height, columns, status, rows }: Frame): string {
  const place = `${buffer.row() + 1},${buffer.column() + 1}`;
  const last = `${status.slice(0, columns - 20).padEnd(Math.max(0, columns - 18))}${place}`;
  return `\x1b[?25l\x1b[H${textRows(buffer, top, height, columns, '~')}${last}\x1b[K${cursor(buffer, top, 1, columns, rows)}`;
}

function nanoScreen({ buffer, top, height, columns, status, rows }: Frame, operand: string | undefined): string {
  const title = operand ?? 'New Buffer';
  const head = `  GNU nano 7.2${title.padStart(Math.floor((columns - 14 + title.length) / 2))}${buffer.isChanged() ? ' *' : ''}`;
  const row = (keys: readonly (readonly [string, string])[]) =>
    keys.map(([key, does]) => `\x1b[7m${key}\x1b[m ${does.padEnd(11)}`).join('');
  const first = [
    ['^G', 'Help'],
    ['^O', 'Write Out'],
    ['^W', 'Where Is'],
    ['^K', 'Cut'],
  ] as const;
  const second = [
    ['^X', 'Exit'],
    ['^R', 'Read File'],
    ['^\\', 'Replace'],
    ['^U', 'Paste'],
  ] as const;
  return `\x1b[?25l\x1b[H\x1b[7m${head.padEnd(columns)}\x1b[m\r\n${textRows(buffer, top, height, columns, '')}${status}\x1b[K\r\n${row(first)}\x1b[K\r\n${row(second)}\x1b[K${cursor(buffer, top, 2, columns, rows)}`;
}

function textRows(buffer: TextBuffer, top: number, height: number, columns: number, empty: string): string {
  return Array.from({ length: height }, (_, at) => {
    const line = buffer.lines()[top + at];
    return `${line === undefined ? empty : visible(line).slice(0, columns)}\x1b[K\r\n`;
  }).join('');
}

function cursor(buffer: TextBuffer, top: number, first: number, columns: number, rows: number): string {
  const column = visible(buffer.line().slice(0, buffer.column())).length + 1;
  return `\x1b[${Math.min(rows, buffer.row() - top + first)};${Math.min(columns, column)}H\x1b[?25h`;
}

/** Tabs as blanks, and what would move the cursor as a sign. */
function visible(line: string): string {
  return line
    .replace(/\t/g, '        ')
    .replace(/\p{Cc}/gu, (letter) => `^${String.fromCharCode(letter.charCodeAt(0) ^ 64)}`);
}
