import { memoryOf } from '../../persona/kernel-files.ts';
import { programOf } from '../../persona/process-table.ts';
import { resolvePath } from '../../world/paths.ts';
import { type Call, fail, type Machine, type Programs, type Result, readOptions, say } from '../program.ts';
import { processesOf } from './processes.ts';

/** Smaller programs that tell of the machine, from the same facts as the larger ones. */
export const machineFactPrograms: Programs = {
  hostid: ({ machine }) => say(`${machine.persona.machineId.slice(0, 8)}\n`),
  lsof,
  fuser: ({ args, machine, shell }) => {
    if (args.length === 0) return fail('No process specification given\n');
    const missing = args.filter((arg) => arg.startsWith('/') && !machine.world.find(resolvePath(shell.cwd, arg)));
    return fail(missing.map((arg) => `Specified filename ${arg} does not exist.\n`).join(''));
  },
  pstree: ({ args, machine }) => say(pstree(machine, args.includes('-p'))),
  vmstat: ({ machine }) => {
    const { free, buffers, cached } = memoryOf(machine.persona, machine.now());
    const cell = (value: number, width: number) => String(value).padStart(width);
    return say(
      `procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n 1  0      0 ${cell(free, 6)} ${cell(buffers, 6)} ${cell(cached, 6)}    0    0     2     9   41   78  0  0 99  0  0\n`,
    );
  },
  runlevel: () => say('N 5\n'),
  mountpoint: ({ args, machine, shell }) => {
    const [place] = args.filter((arg) => !arg.startsWith('-'));
    if (place === undefined) return fail("mountpoint: bad usage\nTry 'mountpoint --help' for more information.\n");
    const path = resolvePath(shell.cwd, place);
    const isQuiet = args.some((arg) => /^-\w*q/.test(arg));
    if (!machine.world.find(path)) return fail(isQuiet ? '' : `mountpoint: ${place}: No such file or directory\n`);
    const mounts = Buffer.from(machine.world.read('/proc/mounts', { uid: 0, gid: 0 })).toString('utf8');
    const isMounted = mounts.split('\n').some((line) => line.split(' ')[1] === path);
    const stdout = isQuiet ? '' : `${place} is ${isMounted ? '' : 'not '}a mountpoint\n`;
    return { stdout, exitCode: isMounted ? 0 : 32 };
  },
  whereis: ({ args, machine }) =>
    args.length === 0
      ? fail("whereis: not enough arguments\nTry 'whereis --help' for more information.\n")
      : say(
          args
            .filter((arg) => !arg.startsWith('-'))
            .map((name) => `${name}:${placesOf(machine, name)}\n`)
            .join(''),
        ),
  timedatectl: ({ machine }) => {
    const [, weekday = '', time = ''] = /^(\w+), .* ([\d:]+) GMT$/.exec(new Date(machine.now()).toUTCString()) ?? [];
    const date = new Date(machine.now()).toISOString().slice(0, 10);
    return say(
      `               Local time: ${weekday} ${date} ${time} UTC\n           Universal time: ${weekday} ${date} ${time} UTC\n                 RTC time: ${weekday} ${date} ${time}\n                Time zone: Etc/UTC (UTC, +0000)\nSystem clock synchronized: yes\n              NTP service: active\n          RTC in local TZ: no\n`,
    );
  },
  localectl: () => say('   System Locale: LANG=C.UTF-8\n       VC Keymap: (unset)\n      X11 Layout: (unset)\n'),
  loginctl: ({ machine: { visitor, actor } }) =>
    say(
      `SESSION UID USER SEAT TTY\n${String((visitor.pid % 90) + 4).padStart(7)} ${String(actor.uid).padStart(3)} ${visitor.user}      ${visitor.terminal ?? ''}\n\n1 sessions listed.\n`,
    ),
  stty: ({ args, machine }) => {
    if (!machine.visitor.terminal) return fail("stty: 'standard input': Inappropriate ioctl for device\n");
    if (args[0] === 'size') return say(`24 ${machine.visitor.columns}\n`);
    if (args.length === 0) return say('speed 38400 baud; line = 0;\n');
    if (args[0] === '-g')
      return say('4500:5:bf:8a3b:3:1c:7f:15:4:0:1:0:11:13:1a:0:12:f:17:16:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0\n');
    return args[0] === '-a'
      ? say(
          `speed 38400 baud; rows 24; columns ${machine.visitor.columns}; line = 0;\nintr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; eol = <undef>; eol2 = <undef>; swtch = <undef>; start = ^Q; stop = ^S;\nsusp = ^Z; rprnt = ^R; werase = ^W; lnext = ^V; discard = ^O; min = 1; time = 0;\n`,
        )
      : {};
  },
  tput: ({ args, machine }) => {
    if (!machine.visitor.terminal && args[0] !== 'cols' && args[0] !== 'lines')
      return fail('tput: No value for $TERM and no -T specified\n', 2);
    if (args[0] === 'cols') return say(`${machine.visitor.columns}\n`);
    return args[0] === 'lines' ? say('24\n') : {};
  },
  lsns: ({ machine }) => {
    const all = processesOf(machine).length;
    const kinds = ['time', 'cgroup', 'pid', 'user', 'uts', 'ipc', 'net', 'mnt'];
    return say(
      `        NS TYPE   NPROCS   PID USER            COMMAND\n${kinds.map((kind, at) => `${4_026_531_834 + at} ${kind.padEnd(6)} ${String(all).padStart(6)}     1 root            /sbin/init\n`).join('')}`,
    );
  },
  numfmt: ({ args }) => {
    const [value] = args.filter((arg) => !arg.startsWith('-'));
    return value === undefined ? {} : say(`${value}\n`);
  },
};

function lsof({ args, machine }: Call): Result {
  const { flags } = readOptions(args, 'ipcu');
  if (flags.has('v'))
    return fail(
      'lsof version information:\n    revision: 4.95.0\n    latest revision: https://github.com/lsof-org/lsof\n    latest FAQ: https://github.com/lsof-org/lsof/blob/master/00FAQ\n',
      0,
    );
  const missing = args.filter((arg) => arg.startsWith('/') && !machine.world.find(arg));
  if (missing.length > 0)
    return fail(missing.map((arg) => `lsof: status error on ${arg}: No such file or directory\n`).join(''));
  const asked = flags.get('i');
  const sockets = machine.persona.services.flatMap(({ command, user, ports }) =>
    ports.map(({ port, protocol, address }) => ({ command, user, port, protocol, address })),
  );
  const pidOf = (command: string) => processesOf(machine).find((each) => each.command === command)?.pid ?? 1;
  const head = 'COMMAND    PID     USER   FD   TYPE DEVICE SIZE/OFF NODE NAME\n';
  const shown = sockets.filter(({ port, protocol }) => isAsked(asked, port, protocol));
  if (flags.has('t'))
    return { stdout: shown.map(({ command }) => `${pidOf(command)}\n`).join(''), exitCode: shown.length > 0 ? 0 : 1 };
  if (shown.length === 0 || (args.length > 0 && asked === undefined)) return fail('');
  const rows = shown.map(
    ({ command, user, port, protocol, address }, at) =>
      `${programOf(command).slice(0, 9).padEnd(9)} ${String(pidOf(command)).padStart(4)} ${user.slice(0, 8).padStart(8)}    ${3 + (at % 4)}u  IPv4  ${18_000 + port}      0t0  ${protocol.toUpperCase()} ${address === '0.0.0.0' ? '*' : address.replace(/%.*/, '')}:${port}${protocol === 'tcp' ? ' (LISTEN)' : ''}\n`,
  );
  return say(head + rows.join(''));
}

/** `-i`, `-i :22`, `-i tcp`, `-i tcp:80`. */
function isAsked(asked: string | undefined, port: number, protocol: string): boolean {
  if (asked === undefined || asked === '' || asked === '4') return true;
  const [, wanted = '', number] = /^(?:4?)(tcp|udp)?(?:@[^:]*)?(?::(\d+))?$/i.exec(asked) ?? [];
  return (wanted === '' || wanted.toLowerCase() === protocol) && (number === undefined || Number(number) === port);
}

function pstree(machine: Machine, isNumbered: boolean): string {
  const named = machine.persona.services.map(({ command }) => programOf(command));
  const names = [...new Set(named)].filter((name) => name !== 'init' && name !== 'sshd').sort();
  const all = [...names, `sshd---sshd---${machine.visitor.terminal ? 'bash---' : ''}pstree`];
  const number = isNumbered ? '(1)' : '';
  return all
    .map(
      (name, at) =>
        `${at === 0 ? `systemd${number}-+-` : `${' '.repeat(7 + number.length)} ${at === all.length - 1 ? '`' : '|'}-`}${name}\n`,
    )
    .join('');
}

function placesOf({ world }: Machine, name: string): string {
  const folders = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/etc'];
  return folders
    .map((folder) => `${folder}/${name}`)
    .filter((path) => world.find(path) !== undefined)
    .map((path) => ` ${path}`)
    .join('');
}
