import type { Persona } from '@cerberusmesh/contract/persona';
import type { WorldNode } from '../world/node.ts';
import { accountsOf } from './accounts.ts';
import { type Process, programOf } from './process-table.ts';

type Entries = [path: string, node: WorldNode][];

/** What the kernel tells of each process in /proc: scripts that look for rivals read nothing else. */
export function processEntries(processes: readonly Process[], persona: Persona): Entries {
  const owners = new Map(accountsOf(persona).map((account) => [account.name, account] as const));
  return processes.flatMap((process) => {
    const { uid = 0, gid = 0 } = owners.get(process.user) ?? {};
    return entriesOf(process, uid, gid, persona);
  });
}

function entriesOf(process: Process, uid: number, gid: number, persona: Persona): Entries {
  const place = `/proc/${process.pid}`;
  const own = { uid, gid, mtimeMs: process.startedMs };
  const made = (name: string, read: () => string, mode = 0o444): Entries[number] => [
    `${place}/${name}`,
    { kind: 'made', mode, ...own, sizeBytes: 0, make: () => Buffer.from(read(), 'utf8') },
  ];
  const link = (name: string, target: string): Entries[number] => [
    `${place}/${name}`,
    { kind: 'link', mode: 0o777, ...own, target },
  ];
  const folder = (name: string, mode = 0o555): Entries[number] => [`${place}${name}`, { kind: 'folder', mode, ...own }];
  const isKernel = process.command.startsWith('[');
  const terminal = process.terminal === '?' ? '/dev/null' : `/dev/${process.terminal}`;
  return [
    folder(''),
    folder('/fd', 0o500),
    made(
      'cgroup',
      () =>
        `0::${isKernel ? '/' : process.pid === 1 ? '/init.scope' : `/system.slice/${programOf(process.command)}.service`}\n`,
    ),
    made('cmdline', () => commandLine(process)),
    made('comm', () => `${nameIn(process)}\n`),
    made('environ', () => '', 0o400),
    made('limits', () => limits),
    made('loginuid', () => `${process.terminal === '?' ? 4_294_967_295 : uid}`),
    made('maps', () => (isKernel ? '' : mapsOf(process, persona))),
    made('oom_score', () => `${isKernel ? 0 : 666}\n`),
    made('oom_score_adj', () => '0\n'),
    made('stat', () => statOf(process)),
    made('status', () => statusOf(process, uid, gid)),
    ...(isKernel
      ? []
      : [
          link('cwd', process.command.startsWith('-') ? '/root' : '/'),
          link('exe', programPath(process, persona)),
          link('root', '/'),
          ...['0', '1', '2'].map((number) => link(`fd/${number}`, terminal)),
        ]),
  ];
}

function commandLine({ command }: Process): string {
  if (command.startsWith('[')) return '';
  // What a daemon writes over its own words is one of them.
  return /^\S+:/.test(command) ? `${command}\0` : `${command.split(' ').join('\0')}\0`;
}

/** At most fifteen letters, as the kernel keeps them. */
function nameIn({ pid, command }: Process): string {
  return (
    pid === 1 && command === '/sbin/init'
      ? 'systemd'
      : command.startsWith('[')
        ? command.slice(1, -1)
        : programOf(command)
  ).slice(0, 15);
}

function programPath(process: Process, persona: Persona): string {
  const isBusybox = persona.os.family === 'busybox';
  const name = programOf(process.command);
  if (isBusybox && name === 'ash') return '/bin/busybox';
  if (process.pid === 1) return isBusybox ? '/sbin/procd' : '/usr/lib/systemd/systemd';
  // A daemon may name its configuration too.
  const [written] = /\/(?:[\w.+-]+\/)*(?:s?bin|lib\w*)\/[\w./+-]+/.exec(process.command) ?? [];
  if (written !== undefined) return isBusybox ? written : written.replace(/^\/(s?bin|lib)\//, '/usr/$1/');
  return /^(?:bash|dbus-daemon)$/.test(name) ? `/usr/bin/${name}` : `/usr/sbin/${name}`;
}

function stateOf({ command }: Process): string {
  return command.startsWith('[') && command !== '[kthreadd]' ? 'I (idle)' : 'S (sleeping)';
}

function statOf(process: Process): string {
  const { pid, parent, memoryKb, startedMs } = process;
  const bytes = memoryKb === 0 ? 0 : (memoryKb * 3 + 12_400) * 1024;
  const started = Math.max(1, Math.floor((startedMs % 86_400_000) / 10));
  return `${pid} (${nameIn(process)}) ${stateOf(process)[0]} ${parent} ${pid} ${pid} 0 -1 4194560 ${1200 + pid} 0 0 0 ${pid % 90} ${pid % 40} 0 0 20 0 1 0 ${started} ${bytes} ${Math.floor(memoryKb / 4)} 18446744073709551615 0 0 0 0 0 0 0 4096 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n`;
}

function statusOf(process: Process, uid: number, gid: number): string {
  const { pid, parent, memoryKb } = process;
  const memory =
    memoryKb === 0
      ? []
      : [
          ['VmPeak', memoryKb * 3 + 12_900],
          ['VmSize', memoryKb * 3 + 12_400],
          ['VmHWM', memoryKb + 310],
          ['VmRSS', memoryKb],
        ].map(([name, size]) => `${name}:\t${String(size).padStart(8)} kB`);
  return `${[
    ...[`Name:\t${nameIn(process)}`, 'Umask:\t0022', `State:\t${stateOf(process)}`],
    ...[`Tgid:\t${pid}`, 'Ngid:\t0', `Pid:\t${pid}`, `PPid:\t${parent}`, 'TracerPid:\t0'],
    ...[`Uid:\t${uid}\t${uid}\t${uid}\t${uid}`, `Gid:\t${gid}\t${gid}\t${gid}\t${gid}`, 'FDSize:\t64', 'Groups:\t '],
    ...memory,
    ...['Threads:\t1', 'SigQ:\t0/31326', 'NoNewPrivs:\t0', 'Seccomp:\t0', 'Seccomp_filters:\t0'],
    ...['Cpus_allowed_list:\t0-1', 'voluntary_ctxt_switches:\t150', 'nonvoluntary_ctxt_switches:\t12'],
  ].join('\n')}\n`;
}

function mapsOf(process: Process, persona: Persona): string {
  const base = (0x5_5000_0000 + process.pid * 0x1_2000).toString(16).padStart(9, '0');
  const path = programPath(process, persona);
  return `${base}000-${base}a00 r--p 00000000 08:01 ${131_000 + process.pid}                     ${path}\n${base}b00-${base}f00 r-xp 0000b000 08:01 ${131_000 + process.pid}                     ${path}\n7ffd2f5c1000-7ffd2f5e2000 rw-p 00000000 00:00 0                          [stack]\n`;
}

const limits = `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max file size             unlimited            unlimited            bytes     
Max stack size            8388608              unlimited            bytes     
Max core file size        0                    unlimited            bytes     
Max processes             31326                31326                processes 
Max open files            1024                 1048576              files     
`;
