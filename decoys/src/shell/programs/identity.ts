import { type Call, fail, type Machine, type Programs, type Result, readOptions, say } from '../program.ts';
import { accountsIn, groupsIn, groupsWith } from './world-accounts.ts';

/** Who is asking, and on which machine. */
export const identityPrograms: Programs = {
  whoami: ({ machine }) => say(`${nameOf(machine)}\n`),
  logname: ({ machine }) =>
    machine.visitor.terminal ? say(`${machine.visitor.user}\n`) : fail('logname: no login name\n'),
  id,
  groups: ({ machine, args }) => {
    const name = args[0] ?? nameOf(machine);
    const names = groupNames(machine, name).join(' ');
    return say(args.length > 0 ? `${name} : ${names}\n` : `${names}\n`);
  },
  hostname: ({ args, machine }) => {
    const { hostname, network } = machine.persona;
    if (args[0] === '-I') return say(`${network.address} \n`);
    if (args[0] === '-i') return say('127.0.1.1\n');
    if (args[0] !== undefined && !args[0].startsWith('-')) {
      return machine.actor.uid === 0 ? {} : fail('hostname: you must be root to change the host name\n');
    }
    return say(`${hostname}\n`);
  },
  hostnamectl: ({ machine }) => say(hostnamectl(machine)),
  uname,
  arch: ({ machine }) => say(`${machine.persona.kernel.machine}\n`),
  nproc: ({ machine }) => say(`${machine.persona.cpu.cores}\n`),
  tty: ({ machine }) =>
    machine.visitor.terminal ? say(`/dev/${machine.visitor.terminal}\n`) : { stdout: 'not a tty\n', exitCode: 1 },
  lsb_release: ({ args, machine }) => {
    const { os } = machine.persona;
    const rows = [
      ['Distributor ID', os.name],
      ['Description', os.prettyName],
      ['Release', os.versionId],
      ['Codename', os.codename],
    ];
    const isShort = args.some((arg) => /^-\w*s/.test(arg));
    const wanted = args.join('').match(/[idrc]/g);
    const picked =
      args.some((arg) => arg.includes('a')) || !wanted
        ? rows
        : rows.filter((_, index) => wanted.includes('idrc'[index] ?? ''));
    if (args.length === 0) return say('No LSB modules are available.\n');
    return {
      stderr: 'No LSB modules are available.\n',
      stdout: picked.map(([name, value]) => (isShort ? `${value}\n` : `${name}:\t${value}\n`)).join(''),
    };
  },
};

/** Who runs the program; a number where nobody has this one. */
export function nameOf(machine: Machine): string {
  const { uid } = machine.actor;
  return accountsIn(machine).find((each) => each.uid === uid)?.name ?? String(uid);
}

function id({ args, machine }: Call): Result {
  const { flags, rest } = readOptions(args);
  if (flags.has('Z')) return fail('id: --context (-Z) works only on an SELinux-enabled kernel\n');
  const name = rest[0] ?? nameOf(machine);
  const account = accountsIn(machine).find((each) => each.name === name || String(each.uid) === name);
  if (!account) return fail(`id: ‘${name}’: no such user\n`);
  const groups = groupsIn(machine);
  const ofUser = groupNames(machine, account.name);
  const primary = [...groups].find(([, gid]) => gid === account.gid)?.[0] ?? account.name;
  if (flags.has('u')) return say(`${flags.has('n') ? account.name : account.uid}\n`);
  if (flags.has('g')) return say(`${flags.has('n') ? primary : account.gid}\n`);
  if (flags.has('G'))
    return say(`${ofUser.map((each) => (flags.has('n') ? each : (groups.get(each) ?? account.gid))).join(' ')}\n`);
  const list = ofUser.map((each) => `${groups.get(each) ?? account.gid}(${each})`).join(',');
  return say(`uid=${account.uid}(${account.name}) gid=${account.gid}(${primary}) groups=${list}\n`);
}

function groupNames(machine: Machine, name: string): string[] {
  const account = accountsIn(machine).find((each) => each.name === name);
  const primary = [...groupsIn(machine)].find(([, gid]) => gid === account?.gid)?.[0] ?? name;
  return [primary, ...groupsWith(machine, name).filter((group) => group !== primary)];
}

function uname({ args, machine }: Call): Result {
  const { kernel, hostname, os } = machine.persona;
  // Ubuntu's own change to coreutils; elsewhere nobody knows, and -a leaves out what nobody knows.
  const isNamed = os.id === 'ubuntu';
  const values: Record<string, string> = {
    s: 'Linux',
    n: hostname,
    r: kernel.release,
    v: kernel.build,
    m: kernel.machine,
    p: isNamed ? kernel.machine : 'unknown',
    i: isNamed ? kernel.machine : 'unknown',
    o: 'GNU/Linux',
  };
  const long: Record<string, string> = {
    'kernel-name': 's',
    nodename: 'n',
    'kernel-release': 'r',
    'kernel-version': 'v',
    machine: 'm',
    processor: 'p',
    'hardware-platform': 'i',
    'operating-system': 'o',
    all: 'a',
  };
  const letters = new Set<string>();
  for (const arg of args) {
    if (!arg.startsWith('-')) return fail(`uname: extra operand ‘${arg}’\nTry 'uname --help' for more information.\n`);
    if (arg.startsWith('--') && !Object.hasOwn(long, arg.slice(2))) {
      return fail(`uname: unrecognized option '${arg}'\nTry 'uname --help' for more information.\n`);
    }
    const asked = arg.startsWith('--') ? (long[arg.slice(2)] ?? '?') : arg.slice(1);
    for (const letter of asked) {
      if (letter !== 'a' && !Object.hasOwn(values, letter)) {
        return fail(`uname: invalid option -- '${letter}'\nTry 'uname --help' for more information.\n`);
      }
      letters.add(letter);
    }
  }
  const order = letters.has('a') ? 'snrvmpio' : [...'snrvmpio'].filter((letter) => letters.has(letter)).join('') || 's';
  const shown = !isNamed && letters.has('a') ? 'snrvmo' : order;
  return say(`${[...shown].map((letter) => values[letter]).join(' ')}\n`);
}

function hostnamectl({ persona }: Machine): string {
  const { hostname, machineId, os, kernel } = persona;
  return ` Static hostname: ${hostname}\n       Icon name: computer-vm\n         Chassis: vm\n      Machine ID: ${machineId}\n         Boot ID: ${[...machineId].reverse().join('')}\n  Virtualization: kvm\nOperating System: ${os.prettyName}              \n          Kernel: Linux ${kernel.release}\n    Architecture: ${kernel.machine.replace('_', '-')}\n`;
}
