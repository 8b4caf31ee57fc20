import type { Persona } from '@cerberusmesh/contract/persona';
import { type Call, fail, type Machine, type Programs, type Result, say } from '../program.ts';
import { statusText } from './systemctl.ts';
import { keptFile, textOf } from './world-text.ts';

/** Services, packages, accounts, power. What is changed is changed in the world, and stays. */
export const administrationPrograms: Programs = {
  service,
  apt,
  'apt-get': apt,
  'apt-cache': ({ args, machine }) => {
    const [verb, name = ''] = args.filter((arg) => !arg.startsWith('-'));
    const version = machine.persona.packages.find((line) => line.startsWith(`${name} `))?.split(' ')[1];
    if (verb !== 'policy' || version === undefined) return say('');
    return say(
      `${name}:\n  Installed: ${version}\n  Candidate: ${version}\n  Version table:\n *** ${version} 500\n        100 /var/lib/dpkg/status\n`,
    );
  },
  dmesg: ({ machine }) => dmesg(machine),
  journalctl: ({ args, machine }) => journal(args, machine),
  lsmod: () =>
    say(
      'Module                  Size  Used by\ntls                   114688  0\nnf_tables             258048  0\nvirtio_net             61440  0\n',
    ),
  lspci: () =>
    say(
      '00:00.0 Host bridge: Intel Corporation 82G33/G31/P35/P31 Express DRAM Controller\n00:01.0 VGA compatible controller: Red Hat, Inc. Virtio 1.0 GPU (rev 01)\n00:02.0 Ethernet controller: Red Hat, Inc. Virtio network device\n00:1f.2 SATA controller: Intel Corporation 82801IR/IO/IH (ICH9R/DO/DH) 6 port SATA Controller [AHCI mode] (rev 02)\n',
    ),
  dmidecode: ({ args, machine }) =>
    machine.actor.uid === 0 ? say(dmidecode(machine, args)) : fail('/dev/mem: Permission denied\n'),
  modprobe: ({ args, machine }) =>
    machine.actor.uid === 0
      ? fail(
          `modprobe: FATAL: Module ${args.at(-1) ?? ''} not found in directory /lib/modules/${machine.persona.kernel.release}\n`,
        )
      : fail(`modprobe: ERROR: could not insert '${args.at(-1) ?? ''}': Operation not permitted\n`),
  insmod: ({ args }) => fail(`insmod: ERROR: could not load module ${args[0] ?? ''}: No such file or directory\n`),
  sysctl: ({ args, machine }) => sysctl(args, machine),
  reboot: power,
  shutdown: power,
  poweroff: power,
  halt: power,
  init: power,
  swapoff: () => ({}),
  swapon: () => ({}),
};

/** The tables that a firmware of QEMU has, as /sys tells them too. */
function dmidecode(machine: Machine, args: readonly string[]): string {
  const told = (name: string) => textOf(machine, `/sys/class/dmi/id/${name}`).trim();
  const wanted = args[args.indexOf('-s') + 1];
  if (args.includes('-s') && wanted) {
    const file = { 'system-manufacturer': 'sys_vendor', 'system-product-name': 'product_name' }[wanted];
    return file ? `${told(file)}\n` : 'Not Specified\n';
  }
  return `# dmidecode 3.4\nGetting SMBIOS data from sysfs.\nSMBIOS 2.8 present.\n\nHandle 0x0000, DMI type 0, 24 bytes\nBIOS Information\n\tVendor: SeaBIOS\n\tVersion: 1.16.2-1\n\tRelease Date: 04/01/2014\n\nHandle 0x0100, DMI type 1, 27 bytes\nSystem Information\n\tManufacturer: ${told('sys_vendor')}\n\tProduct Name: ${told('product_name')}\n\tVersion: pc-q35-7.2\n\tSerial Number: Not Specified\n\tUUID: ${machine.persona.machineId.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5')}\n\tWake-up Type: Power Switch\n\n`;
}

function service({ args, machine }: Call): Result {
  const [name = '', verb = ''] = args;
  if (name === '--status-all') return say(machine.persona.services.map((each) => ` [ + ]  ${each.name}\n`).join(''));
  if (name === '')
    return fail('Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n');
  const found = machine.persona.services.find((each) => each.name === name || (name === 'sshd' && each.name === 'ssh'));
  if (verb === 'status')
    return found ? say(statusText(machine, found.name)) : fail(`Unit ${name}.service could not be found.\n`, 4);
  if (!found)
    return fail(
      `Failed to ${verb || 'start'} ${name}.service: Unit ${name}.service ${verb === 'stop' ? 'not loaded' : 'not found'}.\n`,
      5,
    );
  return machine.actor.uid === 0
    ? {}
    : fail(`Failed to ${verb} ${name}.service: Interactive authentication required.\n`);
}

function apt({ args, machine, name }: Call): Result {
  const words = args.filter((arg) => !arg.startsWith('-'));
  const [verb = '', ...packages] = words;
  if (verb === '') return say(`${name} 2.4.11 (amd64)\nUsage: ${name} [options] command\n`);
  if (verb === 'list' || verb === 'search' || verb === 'show')
    return say(
      machine.persona.packages
        .filter((line) => packages.length === 0 || packages.some((each) => line.startsWith(each)))
        .map((line) => `${line.split(' ')[0]}/now ${line.split(' ')[1]} amd64 [installed,local]\n`)
        .join(''),
    );
  if (machine.actor.uid !== 0)
    return fail(
      `E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\nE: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?\n`,
      100,
    );
  if (verb === 'update')
    return {
      stdout: `Err:1 http://${mirrorOf(machine.persona)} ${machine.persona.os.codename} InRelease\n  Temporary failure resolving '${mirrorOf(machine.persona).split('/')[0]}'\nReading package lists... Done\n`,
      stderr: `W: Failed to fetch http://${mirrorOf(machine.persona)}/dists/${machine.persona.os.codename}/InRelease  Temporary failure resolving '${mirrorOf(machine.persona).split('/')[0]}'\nW: Some index files failed to download. They have been ignored, or old ones used instead.\n`,
      exitCode: 0,
    };
  const done = machine.isAtTerminal() ? ' Done' : '';
  const head = `Reading package lists...${done}\nBuilding dependency tree...${done}\nReading state information...${done}\n`;
  if (
    !/^(?:install|remove|purge|upgrade|dist-upgrade|full-upgrade|autoremove|clean|autoclean|download|source|build-dep|reinstall|check)$/.test(
      verb,
    )
  )
    return fail(`E: Invalid operation ${verb}\n`, 100);
  if (verb !== 'install') return say(`${head}0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n`);
  const known = packages.filter((each) => machine.persona.packages.some((line) => line.startsWith(`${each} `)));
  const unknown = packages.filter((each) => !known.includes(each));
  if (unknown.length === 0)
    return say(
      `${head}${known.map((each) => `${each} is already the newest version.\n`).join('')}0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n`,
    );
  return {
    stdout: head,
    stderr: unknown.map((each) => `E: Unable to locate package ${each}\n`).join(''),
    exitCode: 100,
  };
}

function mirrorOf({ os }: Persona): string {
  return os.id === 'ubuntu' ? 'archive.ubuntu.com/ubuntu' : 'deb.debian.org/debian';
}

function dmesg({ persona, actor }: Machine): Result {
  if (actor.uid !== 0) return fail('dmesg: read kernel buffer failed: Operation not permitted\n');
  return say(
    `[    0.000000] Linux version ${persona.kernel.release} ${persona.kernel.build}\n[    0.000000] Command line: BOOT_IMAGE=/boot/vmlinuz-${persona.kernel.release} ro console=tty1 console=ttyS0\n[    0.000000] BIOS-provided physical RAM map:\n[    0.004000] smpboot: CPU0: ${persona.cpu.model}\n[    1.232114] EXT4-fs (vda1): mounted filesystem with ordered data mode. Opts: (null)\n[    2.882190] ${persona.network.device}: renamed from eth0\n`,
  );
}

/** Each key is a file below /proc/sys. */
function sysctl(args: readonly string[], machine: Machine): Result {
  const isBare = args.some((arg) => /^-\w*[nb]/.test(arg));
  const keys = args.filter((arg) => !arg.startsWith('-'));
  const said = keys.map((given): Result => {
    const [name = '', value] = given.split(/ *= */);
    const path = `/proc/sys/${name.replace(/\./g, '/')}`;
    if (!machine.world.find(path)) return fail(`sysctl: cannot stat ${path}: No such file or directory\n`);
    if (value !== undefined && machine.actor.uid !== 0) return fail(`sysctl: permission denied on key "${name}"\n`);
    if (value !== undefined) machine.world.put(path, keptFile(`${value}\n`, 0o644, machine));
    const known = value ?? textOf(machine, path).trim();
    return say(isBare ? `${known}\n` : `${name} = ${known}\n`);
  });
  return {
    stdout: said.map(({ stdout = '' }) => stdout).join(''),
    stderr: said.map(({ stderr = '' }) => stderr).join(''),
    exitCode: said.some(({ exitCode = 0 }) => exitCode !== 0) ? 1 : 0,
  };
}

function journal(args: readonly string[], machine: Machine): Result {
  const at = args.findIndex((arg) => /^(?:-u|--unit)/.test(arg));
  const unit =
    at < 0 ? undefined : ((args[at] ?? '').replace(/^(?:-u|--unit=?)/, '') || args[at + 1])?.replace(/\.service$/, '');
  if (args.some((arg) => arg.startsWith('--vacuum')))
    return say('Vacuuming done, freed 0B of archived journals from /var/log/journal.\n');
  if (unit !== undefined && !machine.persona.services.some(({ name }) => name === unit))
    return say('-- No entries --\n');
  return say(textOf(machine, '/var/log/syslog'));
}

/** A machine that is told to go down does so some time later; until then nothing changes. */
function power({ args, machine, name }: Call): Result {
  if (name === 'init' && args.length === 0) return fail('init: required argument missing.\n');
  return machine.actor.uid === 0
    ? {}
    : fail(
        'Failed to set wall message, ignoring: Interactive authentication required.\nFailed to reboot system via logind: Interactive authentication required.\n',
      );
}
