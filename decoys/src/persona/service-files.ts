import type { Persona } from '@cerberusmesh/contract/persona';
import type { WorldNode } from '../world/node.ts';
import { createProgram } from './programs.ts';
import { startOf } from './unit-files.ts';

const unitFolder = '/usr/lib/systemd/system';

/** What a service brings beside the program that it runs, by how its name begins. */
const broughtBy: Readonly<Record<string, string>> = {
  mysql: '/usr/bin/mysql /usr/bin/mysqladmin /usr/bin/mysqldump',
  postgresql: '/usr/bin/pg_dump /usr/bin/pg_isready /usr/bin/psql',
};

/** Units of every systemd, for whoever lists the folder. */
const usual = {
  'basic.target': 'Basic System',
  'console-getty.service': 'Console Getty',
  'cryptsetup.target': 'Local Encrypted Volumes',
  'emergency.service': 'Emergency Shell',
  'emergency.target': 'Emergency Mode',
  'final.target': 'Late Shutdown Services',
  'fstrim.service': 'Discard unused blocks on filesystems from /etc/fstab',
  'fstrim.timer': 'Discard unused blocks once a week',
  'getty.target': 'Login Prompts',
  'getty@.service': 'Getty on %I',
  'graphical.target': 'Graphical Interface',
  'halt.target': 'System Halt',
  'local-fs.target': 'Local File Systems',
  'logrotate.service': 'Rotate log files',
  'logrotate.timer': 'Daily rotation of log files',
  'multi-user.target': 'Multi-User System',
  'network-online.target': 'Network is Online',
  'network.target': 'Network',
  'nss-lookup.target': 'Host and Network Name Lookups',
  'poweroff.target': 'System Power Off',
  'reboot.target': 'System Reboot',
  'remote-fs.target': 'Remote File Systems',
  'rescue.service': 'Rescue Shell',
  'rescue.target': 'Rescue Mode',
  'shutdown.target': 'System Shutdown',
  'sockets.target': 'Socket Units',
  'swap.target': 'Swaps',
  'sysinit.target': 'System Initialization',
  'systemd-fsck@.service': 'File System Check on %f',
  'systemd-poweroff.service': 'System Power Off',
  'systemd-reboot.service': 'System Reboot',
  'systemd-sysctl.service': 'Apply Kernel Variables',
  'systemd-timesyncd.service': 'Network Time Synchronization',
  'systemd-tmpfiles-clean.service': 'Cleanup of Temporary Directories',
  'systemd-tmpfiles-clean.timer': 'Daily Cleanup of Temporary Directories',
  'time-sync.target': 'System Time Synchronized',
  'timers.target': 'Timer Units',
  'umount.target': 'Unmount All Filesystems',
} satisfies Record<string, string>;

/**
 * What every machine with systemd has beside the units of its services, and the programs that these start: a service that `ps`
 * shows and nobody finds a file of gives a machine away.
 */
export function serviceEntries(persona: Persona): (readonly [string, WorldNode])[] {
  const { services, kernel, seed, installedAtMs } = persona;
  const programs = new Set(
    services.flatMap(({ name, command }) => [
      ...programOf(startOf(name, command)),
      ...programOf(command),
      ...brought(name),
    ]),
  );
  return [
    ...Object.entries(usual).map(([name, description]) => {
      const text = `[Unit]\nDescription=${description}\n`;
      return [`${unitFolder}/${name}`, file(text, installedAtMs)] as const;
    }),
    ...[...programs].map((path) => [path, createProgram(path, kernel.machine, seed, installedAtMs)] as const),
  ];
}

/** The path in what a unit starts, or in what `ps` shows, where a process may have another name before it. */
function programOf(start: string): string[] {
  const [path] = /\/(?:usr\/)?(?:s?bin|lib)\/[^\s:]+/.exec(start) ?? [];
  if (path === undefined || /python3$/.test(path)) return [];
  return [path.replace(/^\/(?=s?bin\/|lib\/)/, '/usr/')];
}

function brought(name: string): string[] {
  const [, paths = ''] = Object.entries(broughtBy).find(([begin]) => name.startsWith(begin)) ?? [];
  return paths.split(' ').filter((path) => path !== '');
}

function file(text: string, mtimeMs: number): WorldNode {
  return { kind: 'file', mode: 0o644, uid: 0, gid: 0, mtimeMs, bytes: Buffer.from(text, 'utf8') };
}
