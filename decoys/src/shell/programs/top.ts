import { memoryOf } from '../../persona/kernel-files.ts';
import { type Process, programOf } from '../../persona/process-table.ts';
import { type Call, fail, type Machine, type Programs, type Result, readOptions, say } from '../program.ts';
import { nextPid, processesOf, uptimeLine } from './processes.ts';

export const topPrograms: Programs = { top, htop: top };

const roundsMax = 3;
const keysMax = 1_000;
const headRows = 7;

/** top as procps has it: pages one below the other with -b, else a screen that stays until `q` or Ctrl-C. */
async function top({ args, machine }: Call): Promise<Result> {
  const { flags } = readOptions(args, 'ndpuUowE');
  const wrong = args.find((arg) => /^-[^bcdeEhHinoOpsSuUvVw1]/.test(arg));
  if (wrong !== undefined) return fail(`top: invalid option -- '${wrong[1]}'\n`);
  // `top bn1` is taken as `top -bn1`.
  const [, isBare, bareRounds] = /^(?=[a-z])[ac-mo-z]*(b)?[a-z]*?(?:n(\d+))?$/.exec(args[0] ?? '') ?? [];
  const isPage = flags.has('b') || isBare !== undefined;
  const asked = flags.get('n') ?? bareRounds;
  const pages = () => {
    const rounds = Math.min(roundsMax, Math.max(1, Number(asked ?? roundsMax) || 1));
    return say(Array.from({ length: rounds }, () => `${lines(machine, flags).join('\n')}\n`).join('\n'));
  };
  if (isPage) return pages();
  if (machine.visitor.terminal === null) return fail('TERM environment variable not set.\n');
  // It goes by itself after so many screens, and nobody is asked for a key.
  if (asked !== undefined || !machine.isAtTerminal()) return pages();
  await show(machine, flags);
  // The cursor stands at the end of the last row.
  return say('\n');
}

/** Draws the screen anew for each key until one ends it, as top does. */
async function show(machine: Machine, flags: ReadonlyMap<string, string>): Promise<void> {
  const { rows = 24, columns } = machine.visitor;
  for (let round = 0; round < keysMax; round++) {
    const all = lines(machine, flags).slice(0, rows - 1);
    const titles = all
      .slice(0, headRows)
      .map((line, at) => (at === headRows - 1 ? `\x1b[7m${line.padEnd(columns)}\x1b[m` : line));
    const screen = [...titles, ...all.slice(headRows)]
      .map((line) => `${line.slice(0, columns + 8)}\x1b[K`)
      .join('\r\n');
    const keys = await machine.ask(`\x1b[H\x1b[J${screen}`, 'keys');
    if (keys === null || keys.includes('q') || keys.includes('\x03')) break;
  }
}

function lines(machine: Machine, flags: ReadonlyMap<string, string>): string[] {
  const { persona, now } = machine;
  const memory = memoryOf(persona, now());
  const self: Process = {
    ...{ pid: nextPid(machine), parent: machine.visitor.pid, user: machine.visitor.user },
    ...{ terminal: machine.visitor.terminal ?? '?', command: 'top', startedMs: now(), memoryKb: 5_072 },
  };
  const all = [...processesOf(machine), self];
  const mib = (kb: number) => (kb / 1024).toFixed(1).padStart(8);
  const cached = memory.buffers + memory.cached;
  const user = flags.get('u') ?? flags.get('U');
  const pids = flags.get('p')?.split(',').map(Number);
  const shown = all.filter(
    (each) => (user === undefined || each.user === user) && (pids === undefined || pids.includes(each.pid)),
  );
  const share = loads(all, now());
  return [
    `top - ${uptimeLine(machine).trim()}`,
    `Tasks: ${count(shown.length)} total,   1 running, ${count(shown.length - 1)} sleeping,   0 stopped,   0 zombie`,
    `%Cpu(s): ${usage(now())}`,
    `MiB Mem : ${mib(memory.total)} total, ${mib(memory.free)} free, ${mib(memory.used)} used, ${mib(cached)} buff/cache     `,
    `MiB Swap: ${mib(0)} total, ${mib(0)} free, ${mib(0)} used. ${mib(memory.free + memory.cached - 60_000)} avail Mem `,
    '',
    '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND',
    ...shown
      .map((each) => ({ each, cpu: share.get(each.pid) ?? 0 }))
      .sort((a, b) => b.cpu - a.cpu || a.each.pid - b.each.pid)
      .map(({ each, cpu }) => row(each, cpu, machine, flags.has('c'))),
  ];
}

function count(tasks: number): string {
  return String(tasks).padStart(3);
}

/** Mostly idle, a little different each second. */
function usage(nowMs: number): string {
  const wave = Math.floor(nowMs / 1000) % 7;
  const user = 0.3 + wave / 10;
  const system = 0.2 + (wave % 3) / 10;
  const cells = { us: user, sy: system, ni: 0, id: 100 - user - system, wa: 0, hi: 0, si: 0, st: 0 };
  return `${Object.entries(cells)
    .map(([name, value]) => `${value.toFixed(1).padStart(4)} ${name}`)
    .join(', ')} `.replace(/, +100/, ',100');
}

/** What each process takes of a processor just now: one or two services a little, the kernel now and then. */
function loads(all: readonly Process[], nowMs: number): ReadonlyMap<number, number> {
  const busy = all.filter(({ memoryKb }) => memoryKb > 15_000);
  const at = Math.floor(nowMs / 3000);
  const [one, other] = [busy[at % Math.max(1, busy.length)], busy[(at * 5 + 1) % Math.max(1, busy.length)]];
  return new Map([...(one ? [[one.pid, 0.7] as const] : []), ...(other ? [[other.pid, 0.3] as const] : [])]);
}

function row(each: Process, cpu: number, { persona, now }: Machine, isWhole: boolean): string {
  const isKernel = each.memoryKb === 0;
  const isHigh = /highpri|^\[(?:rcu_gp|rcu_par_gp|mm_percpu_wq|ext4-rsv)/.test(each.command);
  const [priority, nice] = /migration/.test(each.command) ? ['rt', 0] : isHigh ? [' 0', -20] : ['20', 0];
  const virtual = isKernel ? 0 : each.memoryKb * 3 + 12_400;
  const state = each.command === 'top' ? 'R' : isKernel && isHigh ? 'I' : 'S';
  const hundredths = isKernel ? each.pid % 5 : Math.floor((now() - each.startedMs) / 90_000) + (each.pid % 60);
  const time = `${Math.floor(hundredths / 6000)}:${String(Math.floor(hundredths / 100) % 60).padStart(2, '0')}.${String(hundredths % 100).padStart(2, '0')}`;
  const name =
    isWhole || isKernel ? each.command.replace(/^\[(.*)\]$/, isWhole ? '[$1]' : '$1') : programOf(each.command);
  const cells = [
    String(each.pid).padStart(7),
    each.user.length > 8 ? `${each.user.slice(0, 7)}+` : each.user.padEnd(8),
    ` ${priority} ${String(nice).padStart(3)}`,
    String(virtual).padStart(7),
    String(each.memoryKb).padStart(6),
    String(Math.floor(each.memoryKb * 0.6)).padStart(6),
    state,
    cpu.toFixed(1).padStart(5),
    ((each.memoryKb * 100) / persona.memoryKb).toFixed(1).padStart(5),
    time.padStart(9),
    name,
  ];
  return cells.join(' ');
}
