import { loadOf } from '../../persona/kernel-files.ts';
import { loginProcesses, type Process, programOf, systemProcesses } from '../../persona/process-table.ts';
import { type Call, type Machine, type Programs, type Result, say, type Visitor } from '../program.ts';
import { lastlogText, lastText } from './last-logins.ts';

/** Programs that show or end processes. */
export const processPrograms: Programs = {
  ps,
  uptime: ({ args, machine }) => say(args[0] === '-p' ? `up ${upText(machine)}\n` : `${uptimeLine(machine)}\n`),
  w: ({ args, machine }) => {
    const head = `${uptimeLine(machine)}\nUSER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n`;
    return say(`${args.some((arg) => /^-\w*h|^--no-header/.test(arg)) ? '' : head}${whoRows(machine, 'w')}`);
  },
  who: ({ machine }) => say(whoRows(machine, 'who')),
  users: ({ machine }) =>
    say(
      `${presentIn(machine)
        .map(({ user }) => user)
        .join(' ')}\n`,
    ),
  last: ({ machine, args }) => say(lastText(machine, args)),
  lastlog: ({ machine, args }) => say(lastlogText(machine, args)),
};

/** What runs here, as every program that shows processes tells it. */
export function processesOf(machine: Machine): Process[] {
  const { persona, visitor } = machine;
  const behind = (machine.background?.running() ?? []).map(
    ({ pid, text, startedMs }): Process => ({
      ...{ pid, parent: visitor.pid, user: visitor.user, terminal: visitor.terminal ?? '?' },
      ...{ command: text.slice(0, 200), startedMs, memoryKb: 1_040 },
    }),
  );
  return [...systemProcesses(persona), ...loginProcesses(persona, [...machine.others(), visitor]), ...behind];
}

/** Who is at a terminal, first come first. */
function presentIn({ visitor, others }: Machine): Visitor[] {
  return [visitor, ...others()].filter(({ terminal }) => terminal !== null).sort((a, b) => a.sinceMs - b.sinceMs);
}

function ps({ args, machine }: Call): Result {
  const given = args.join(' ');
  const letters = args
    .filter((arg) => /^-?[a-zA-Z]+$/.test(arg))
    .join('')
    .replace(/-/g, '');
  const self: Process = {
    pid: nextPid(machine),
    parent: machine.visitor.pid,
    user: machine.visitor.user,
    terminal: machine.visitor.terminal ?? '?',
    command: `ps ${given}`.trim(),
    startedMs: machine.now(),
    memoryKb: 3_280,
  };
  const all = [...processesOf(machine), self];
  if (machine.persona.os.family === 'busybox') return say(busyboxRows(all));
  const format =
    [...given.matchAll(/(?:^|\s)-?[a-zA-Z]*o\s*([\w%=,]+)/g)].map(([, names = '']) => names).join(',') || undefined;
  const isAll = /[aAe]|x/.test(letters) || /-p/.test(given);
  const wanted = /-p\s*(\d+)/.exec(given)?.[1];
  const shown = wanted ? all.filter(({ pid }) => pid === Number(wanted)) : isAll ? all : all.slice(-2);
  if (format) return say(customRows(shown, format.split(','), machine));
  if (letters.includes('u')) return say(userRows(shown, machine));
  if (letters.includes('f')) return say(fullRows(shown, machine));
  const header = '    PID TTY          TIME CMD\n';
  const isBsd = isAll && (letters.includes('x') || (args[0] !== undefined && !args[0].startsWith('-')));
  if (isBsd)
    return say(
      `    PID TTY      STAT   TIME COMMAND\n${shown.map((each) => `${String(each.pid).padStart(7)} ${each.terminal.padEnd(8)} ${stateOf(each).padEnd(4)}   ${cpuTime(each)} ${each.command}\n`).join('')}`,
    );
  return say(
    header +
      shown
        .map(
          (each) =>
            `${String(each.pid).padStart(7)} ${each.terminal.padEnd(8)} 00:00:0${each.memoryKb > 20_000 ? each.pid % 4 : 0} ${programOf(each.command).slice(0, 15)}\n`,
        )
        .join(''),
  );
}

function userRows(list: readonly Process[], machine: Machine): string {
  const rows = list.map((each) => {
    const share = ((each.memoryKb * 100) / machine.persona.memoryKb).toFixed(1);
    const virtual = each.memoryKb === 0 ? 0 : each.memoryKb * 3 + 12_400;
    return `${each.user.slice(0, 8).padEnd(8)} ${String(each.pid).padStart(7)}  0.0 ${share.padStart(4)} ${String(virtual).padStart(6)} ${String(each.memoryKb).padStart(5)} ${each.terminal.padEnd(8)} ${stateOf(each).padEnd(4)} ${startText(each, machine)}   ${cpuTime(each)} ${each.command}\n`;
  });
  return `USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n${rows.join('')}`;
}

function fullRows(list: readonly Process[], machine: Machine): string {
  const rows = list.map(
    (each) =>
      `${each.user.slice(0, 8).padEnd(8)} ${String(each.pid).padStart(7)} ${String(each.parent).padStart(7)}  0 ${startText(each, machine)} ${each.terminal.padEnd(8)} 00:00:0${each.pid % 4} ${each.command}\n`,
  );
  return `UID          PID    PPID  C STIME TTY          TIME CMD\n${rows.join('')}`;
}

interface Column {
  readonly head: string;
  /** Below zero where the column is filled from the left. */
  readonly width: number;
  readonly of: (each: Process, machine: Machine) => string;
}

const commandColumn: Column = { head: 'COMMAND', width: -27, of: ({ command }) => command };
const nameColumn: Column = { head: 'COMMAND', width: -15, of: ({ command }) => programOf(command).slice(0, 15) };
const idle = (head: string): Column => ({ head, width: 4, of: () => '0.0' });
const memory: Column = {
  head: '%MEM',
  width: 4,
  of: ({ memoryKb }, { persona }) => ((memoryKb * 100) / persona.memoryKb).toFixed(1),
};
const columns: Readonly<Record<string, Column>> = {
  pid: { head: 'PID', width: 7, of: ({ pid }) => String(pid) },
  ppid: { head: 'PPID', width: 7, of: ({ parent }) => String(parent) },
  user: { head: 'USER', width: -8, of: ({ user }) => user.slice(0, 8) },
  uid: { head: 'UID', width: 5, of: ({ user }) => (user === 'root' ? '0' : '1000') },
  tty: { head: 'TT', width: -8, of: ({ terminal }) => terminal },
  ...{
    comm: nameColumn,
    ucmd: nameColumn,
    cmd: { ...commandColumn, head: 'CMD' },
    args: commandColumn,
    command: commandColumn,
  },
  ...{ '%cpu': idle('%CPU'), pcpu: idle('%CPU'), '%mem': memory, pmem: memory },
  rss: { head: 'RSS', width: 5, of: ({ memoryKb }) => String(memoryKb) },
  vsz: { head: 'VSZ', width: 6, of: ({ memoryKb }) => String(memoryKb === 0 ? 0 : memoryKb * 3 + 12_400) },
  stat: { head: 'STAT', width: -4, of: stateOf },
  state: { head: 'S', width: -1, of: (each) => stateOf(each).slice(0, 1) },
  etime: { head: 'ELAPSED', width: 11, of: ({ startedMs }, { now }) => elapsed(now() - startedMs) },
  start: { head: 'STARTED', width: 8, of: (each, machine) => startText(each, machine) },
  ni: { head: 'NI', width: 3, of: () => '0' },
  time: { head: 'TIME', width: 8, of: ({ pid }) => `00:00:0${pid % 4}` },
};

function customRows(list: readonly Process[], names: readonly string[], machine: Machine): string {
  const asked = names.map((name) => {
    const [key = '', head] = name.split(/=(.*)/s);
    const known = Object.hasOwn(columns, key) ? columns[key] : undefined;
    return {
      ...(known ?? { head: key.toUpperCase(), width: -8, of: () => '-' }),
      ...(head === undefined ? {} : { head }),
    };
  });
  const row = (cells: readonly string[]) =>
    `${cells.map((cell, at) => fitted(cell, asked[at]?.width ?? 0, at === asked.length - 1)).join(' ')}\n`;
  const head = asked.every((each) => each.head === '') ? '' : row(asked.map((each) => each.head));
  return head + list.map((each) => row(asked.map((column) => column.of(each, machine)))).join('');
}

function fitted(cell: string, width: number, isLast: boolean): string {
  return width > 0 ? cell.padStart(width) : isLast ? cell : cell.padEnd(-width);
}

function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = clock.map((part) => String(part).padStart(2, '0'));
  return seconds >= 86_400
    ? `${Math.floor(seconds / 86_400)}-${shown.join(':')}`
    : shown.slice(seconds < 3600 ? 1 : 0).join(':');
}

/** busybox shows all there is, whatever it is asked. */
function busyboxRows(all: readonly Process[]): string {
  const rows = all.map(({ pid, user, memoryKb, command }) => {
    const state = command.startsWith('ps') ? 'R' : memoryKb === 0 ? 'SW' : 'S';
    return `${String(pid).padStart(5)} ${user.slice(0, 8).padEnd(8)}${String(memoryKb).padStart(6)} ${state.padEnd(4)} ${command}\n`;
  });
  return `  PID USER       VSZ STAT COMMAND\n${rows.join('')}`;
}

function stateOf({ command }: Process): string {
  if (command.startsWith('ps')) return 'R+';
  if (command.startsWith('[')) return 'I<';
  return command.startsWith('-') || command === '/sbin/init' ? 'Ss' : 'Ssl';
}

function cpuTime({ pid, memoryKb, startedMs, command }: Process): string {
  // What began with the machine has worked; what a visitor began has not.
  if (Date.now() - startedMs < 3_600_000 || command.startsWith('[')) return '  0:00';
  return `  0:${String((pid * 7 + memoryKb) % 50).padStart(2, '0')}`;
}

function startText({ startedMs }: Process, { now }: Machine): string {
  const date = new Date(startedMs);
  if (now() - startedMs < 86_400_000) return date.toISOString().slice(11, 16);
  return `${date.toUTCString().slice(8, 11)}${String(date.getUTCDate()).padStart(2, '0')}`;
}

/** The number that what runs now has. */
export function nextPid({ visitor, history }: Machine): number {
  return visitor.pid + 11 + history.length * 3;
}

function upText({ persona, now }: Machine): string {
  const minutes = Math.floor((now() - persona.bootedAtMs) / 60_000);
  const days = Math.floor(minutes / 1440);
  return `${days > 0 ? `${days} day${days > 1 ? 's' : ''}, ` : ''}${String(Math.floor((minutes % 1440) / 60)).padStart(2)}:${String(minutes % 60).padStart(2, '0')}`;
}

/** What `uptime` says, and `w` and `top` say first. */
export function uptimeLine(machine: Machine): string {
  const users = presentIn(machine).length;
  // procps 4 counts nobody as one.
  const isOne = users === 1 || machine.persona.os.codename === 'bookworm';
  const clock = new Date(machine.now()).toISOString().slice(11, 19);
  return ` ${clock} up ${upText(machine)},  ${users} user${isOne ? '' : 's'},  load average: ${loadOf(machine.now()).join(', ')}`;
}

function whoRows(machine: Machine, form: 'w' | 'who'): string {
  return presentIn(machine)
    .map((each) => whoRow(each, machine, form))
    .join('');
}

function whoRow({ user, terminal, sourceIp, sinceMs }: Visitor, { visitor, now }: Machine, form: 'w' | 'who'): string {
  const clock = new Date(sinceMs).toISOString();
  const place = terminal ?? '';
  if (form === 'who')
    return `${user.padEnd(8)} ${place.padEnd(12)} ${clock.slice(0, 10)} ${clock.slice(11, 16)} (${sourceIp})\n`;
  const idle = `${((now() % 900) / 1000).toFixed(2)}s`;
  const what = terminal === visitor.terminal ? 'w' : '-bash';
  return `${user.padEnd(8)} ${place.padEnd(8)} ${sourceIp.slice(0, 16).padEnd(16)} ${clock.slice(11, 16)}    ${idle}  0.03s  0.00s ${what}\n`;
}
