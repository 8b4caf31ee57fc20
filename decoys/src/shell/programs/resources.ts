import type { Persona } from '@cerberusmesh/contract/persona';
import { diskOf, isArm } from '../../persona/disk.ts';
import { cpuFlags, memoryOf } from '../../persona/kernel-files.ts';
import { resolvePath } from '../../world/paths.ts';
import { type Call, fail, type Programs, type Result, readOptions, say } from '../program.ts';
import { humanSize } from './listing.ts';

/** Memory, disks and processors. */
export const resourcePrograms: Programs = {
  free,
  df,
  lscpu,
  lsblk,
  mount,
  umount: ({ args }) => ({
    stderr: args[0]
      ? `umount: ${args[0]}: no mount point specified.\n`
      : "umount: bad usage\nTry 'umount --help' for more information.\n",
    exitCode: args[0] ? 32 : 1,
  }),
};

function free({ args, machine }: Call): Result {
  const { flags } = readOptions(args, 'sc');
  const { total, used, free: unused, shared, buffers, cached } = memoryOf(machine.persona, machine.now());
  const show = (kb: number) => {
    if (flags.has('h')) return `${humanSize(kb * 1024)}i`.replace(/^(\d+)i$/, '$1B');
    const divide = flags.has('m') ? 1024 : flags.has('g') ? 1_048_576 : flags.has('b') ? 1 / 1024 : 1;
    return String(Math.floor(kb / divide));
  };
  const cell = (kb: number) => show(kb).padStart(12);
  const rows = [
    `Mem:    ${cell(total)}${cell(used)}${cell(unused)}${cell(shared)}${cell(buffers + cached)}${cell(unused + cached - 60_000)}`,
    `Swap:   ${cell(0)}${cell(0)}${cell(0)}`,
  ];
  return say(`               total        used        free      shared  buff/cache   available\n${rows.join('\n')}\n`);
}

function df({ args, machine, shell }: Call): Result {
  const { flags, rest } = readOptions(args, 't');
  const isThere = (name: string) => machine.world.find(resolvePath(shell.cwd, name)) !== undefined;
  const stderr = rest
    .filter((name) => !isThere(name))
    .map((name) => `df: ${name}: No such file or directory\n`)
    .join('');
  const asked = rest.filter(isThere).map((name) => resolvePath(shell.cwd, name));
  if (rest.length > 0 && asked.length === 0) return fail(stderr);
  const isHuman = flags.has('h');
  const { diskKb, memoryKb, seed } = machine.persona;
  const used = Math.floor(diskKb * (0.18 + (seed.length % 7) / 40)) + Math.ceil(machine.world.bytes() / 1024);
  const rows: [string, string, number, number, string][] = [
    ['tmpfs', 'tmpfs', Math.floor(memoryKb / 10), 1148, '/run'],
    [`/dev/${diskOf(machine.persona).root}`, 'ext4', diskKb, used, '/'],
    ['tmpfs', 'tmpfs', Math.floor(memoryKb / 2), 0, '/dev/shm'],
    ['tmpfs', 'tmpfs', 5120, 0, '/run/lock'],
    ['tmpfs', 'tmpfs', Math.floor(memoryKb / 10), 4, '/run/user/0'],
  ];
  /** The file system that a path is on: the longest place that it lies below. */
  const placeOf = (path: string) =>
    rows
      .map((row) => row[4])
      .filter((place) => path === place || path.startsWith(place === '/' ? '/' : `${place}/`))
      .sort((a, b) => b.length - a.length)[0];
  const shown = asked.length === 0 ? rows : asked.flatMap((path) => rows.filter((row) => row[4] === placeOf(path)));
  const show = (kb: number) => (isHuman ? humanSize(kb * 1024) : String(kb));
  const width = isHuman ? 5 : 9;
  const type = (text: string) => (flags.has('T') ? `${text.padEnd(6)}` : '');
  const head = `Filesystem     ${flags.has('T') ? 'Type  ' : ''}${(isHuman ? 'Size' : '1K-blocks').padStart(width)} ${'Used'.padStart(isHuman ? 5 : 8)} ${(isHuman ? 'Avail' : 'Available').padStart(width)} Use% Mounted on\n`;
  const stdout =
    head +
    shown
      .map(([name, kind, size, taken, place]) => {
        const left = size - taken;
        const share = Math.ceil((taken * 100) / size);
        return `${name.padEnd(14)} ${type(kind)}${show(size).padStart(width)} ${show(taken).padStart(isHuman ? 5 : 8)} ${show(left).padStart(width)} ${String(share).padStart(3)}% ${place}\n`;
      })
      .join('');
  return { stdout, stderr, exitCode: stderr === '' ? 0 : 1 };
}

/** What a Cortex-A72 has and says of itself. */
function armRows({ cpu, kernel }: Persona): [string, string][] {
  return [
    ['Architecture:', kernel.machine],
    ['  CPU op-mode(s):', '32-bit, 64-bit'],
    ['  Byte Order:', 'Little Endian'],
    ['CPU(s):', String(cpu.cores)],
    ['  On-line CPU(s) list:', `0-${cpu.cores - 1}`],
    ['Vendor ID:', 'ARM'],
    ['  Model name:', 'Cortex-A72'],
    ['    Model:', '3'],
    ['    Thread(s) per core:', '1'],
    ['    Core(s) per socket:', String(cpu.cores)],
    ['    Socket(s):', '1'],
    ['    Stepping:', 'r0p3'],
    ['    CPU max MHz:', '1500.0000'],
    ['    CPU min MHz:', '600.0000'],
    ['    BogoMIPS:', '108.00'],
    ['    Flags:', 'fp asimd evtstrm crc32 cpuid'],
  ];
}

function lscpu({ machine }: Call): Result {
  const { cpu, kernel } = machine.persona;
  const rows: [string, string][] = isArm(kernel.machine)
    ? armRows(machine.persona)
    : [
        ['Architecture:', kernel.machine],
        ['  CPU op-mode(s):', '32-bit, 64-bit'],
        ['  Address sizes:', '40 bits physical, 48 bits virtual'],
        ['  Byte Order:', 'Little Endian'],
        ['CPU(s):', String(cpu.cores)],
        ['  On-line CPU(s) list:', cpu.cores > 1 ? `0-${cpu.cores - 1}` : '0'],
        ['Vendor ID:', cpu.vendor],
        ['  Model name:', cpu.model],
        ['    CPU family:', String(cpu.family)],
        ['    Model:', String(cpu.modelNumber)],
        ['    Thread(s) per core:', '1'],
        ['    Core(s) per socket:', '1'],
        ['    Socket(s):', String(cpu.cores)],
        ['    Stepping:', '1'],
        ['    BogoMIPS:', (cpu.mhz * 2).toFixed(2)],
        ['    Flags:', cpuFlags],
        ['Virtualization features:', ''],
        ['  Hypervisor vendor:', 'KVM'],
        ['  Virtualization type:', 'full'],
        ['Caches (sum of all):', ''],
        ['  L1d:', `${cpu.cores * 32} KiB (${cpu.cores} instances)`],
        ['  L1i:', `${cpu.cores * 32} KiB (${cpu.cores} instances)`],
        ['  L2:', `${cpu.cores * 4} MiB (${cpu.cores} instances)`],
        ['  L3:', `${cpu.cores * 16} MiB (${cpu.cores} instances)`],
        ['NUMA:', ''],
        ['  NUMA node(s):', '1'],
        ['  NUMA node0 CPU(s):', cpu.cores > 1 ? `0-${cpu.cores - 1}` : '0'],
      ];
  // Only a terminal is shown what belongs to what; else a heading goes, and a cache is named as one.
  const isTerminal = machine.isAtTerminal();
  const flat = (name: string) =>
    name
      .trim()
      .replace(/^(L\d[di]?):/, '$1 cache:')
      .padEnd(41);
  return say(
    rows
      .filter(([, value]) => isTerminal || value !== '')
      .map(([name, value]) => (isTerminal ? `${name.padEnd(25)}${value}` : `${flat(name)}${value}`).trimEnd())
      .join('\n')
      .concat('\n'),
  );
}

function lsblk({ args, machine, shell }: Call): Result {
  const missing = args.filter((arg) => arg.startsWith('/') && !machine.world.find(resolvePath(shell.cwd, arg)));
  if (missing.length > 0) return fail(missing.map((name) => `lsblk: ${name}: not a block device\n`).join(''), 32);
  const { name, root, major, minor } = diskOf(machine.persona);
  const width = root.length + 3;
  const size = humanSize((machine.persona.diskKb + 118_000) * 1024);
  const part = humanSize(machine.persona.diskKb * 1024);
  return say(
    `${'NAME'.padEnd(width - 1)} MAJ:MIN RM  SIZE RO TYPE MOUNTPOINTS\n${name.padEnd(width - 1)} ${major}:0    0 ${size.padStart(5)}  0 disk \n└─${root} ${major}:${minor}    0 ${part.padStart(5)}  0 part /\n`,
  );
}

function mount({ args, machine, shell }: Call): Result {
  const operands = args.filter((arg) => !arg.startsWith('-'));
  if (operands.length === 1) return { stderr: `mount: ${operands[0]}: can't find in /etc/fstab.\n`, exitCode: 1 };
  const place = operands.at(-1);
  if (place !== undefined && machine.actor.uid === 0 && machine.world.find(resolvePath(shell.cwd, place)) === undefined)
    return {
      stderr: `mount: ${place}: mount point does not exist.\n       dmesg(1) may have more information after failed mount system call.\n`,
      exitCode: 32,
    };
  const [device] = operands;
  if (device?.startsWith('/') && machine.actor.uid === 0 && !machine.world.find(device))
    return fail(
      `mount: ${place}: special device ${device} does not exist.\n       dmesg(1) may have more information after failed mount system call.\n`,
      32,
    );
  if (operands.length > 0)
    return machine.actor.uid === 0 ? {} : { stderr: 'mount: only root can do that.\n', exitCode: 1 };
  const text = Buffer.from(machine.world.read('/proc/mounts', machine.actor)).toString();
  return say(text.replace(/^(\S+) (\S+) (\S+) (\S+) 0 0$/gm, '$1 on $2 type $3 ($4)'));
}
