import { createHash } from 'node:crypto';
import type { Persona } from '@cerberusmesh/contract/persona';
import { createImage, type Image } from '../world/image.ts';
import type { WorldNode } from '../world/node.ts';
import { accountsOf, groupsOf, groupText, passwdText } from './accounts.ts';
import { busyboxEntries, busyboxFiles } from './busybox-image.ts';
import { certificateFiles } from './certificates.ts';
import { type Disk, diskOf, isArm } from './disk.ts';
import { kernelFiles } from './kernel-files.ts';
import { earlierLastLogins, earlierRecords, encodeRecord } from './login-records.ts';
import { processEntries } from './process-files.ts';
import { systemProcesses } from './process-table.ts';
import { debianPrograms } from './program-names.ts';
import { createProgram } from './programs.ts';
import { serviceEntries } from './service-files.ts';
import { systemFiles } from './system-files.ts';
import { unitFiles, unitLinks } from './unit-files.ts';

/** What the sshd of the machine shows itself by, by path. */
export type HostKeyFiles = Readonly<Record<string, string>>;

type Entries = Array<readonly [string, WorldNode]>;

/** The file system of a persona as every visitor first finds it: about two thousand entries, all in memory. */
export function buildImage(persona: Persona, now: () => number, hostKeys: HostKeyFiles = {}): Image {
  if (persona.os.family === 'busybox') return buildBusybox(persona, now);
  const installed = persona.installedAtMs;
  return createImage([
    ...folders(persona),
    ...programs(persona),
    ...serviceEntries(persona),
    ...devices(persona.bootedAtMs, diskOf(persona)),
    ...textFiles(persona),
    ...homes(persona),
    ...Object.entries(kernelFiles(persona, now))
      // No firmware tells of itself there on ARM.
      .filter(([path]) => !(isArm(persona.kernel.machine) && path.startsWith('/sys/class/dmi/')))
      .map(([path, read]) => [path, made(read, now())] as const),
    ...processEntries(systemProcesses(persona), persona),
    ...Object.entries(unitFiles(persona)).map(([path, text]) => [path, file(text, 0o644, 0, 0, installed)] as const),
    ...links({ ...usualLinks, ...unitLinks(persona) }, installed),
    ['/usr/share/zoneinfo/Etc/UTC', bytesFile(zoneOfUtc(), installed)],
    ...certificateFiles(installed),
    ...Object.entries(hostKeys).map(
      ([path, text]) => [path, file(text, path.endsWith('.pub') ? 0o644 : 0o600, 0, 0, installed)] as const,
    ),
  ]);
}

function buildBusybox(persona: Persona, now: () => number): Image {
  const kernel = Object.entries(kernelFiles(persona, now)).filter(([path]) => !path.startsWith('/sys/class/dmi/'));
  return createImage([
    ...busyboxEntries(persona),
    ...devices(persona.bootedAtMs),
    ...textFiles(persona),
    ...kernel.map(([path, read]) => [path, made(read, now())] as const),
    ...processEntries(systemProcesses(persona), persona),
  ]);
}

function folders(persona: Persona): Entries {
  const { installedAtMs, bootedAtMs, os } = persona;
  const isUbuntu = os.id === 'ubuntu';
  const plain =
    '/ /boot /etc /home /media /mnt /opt /srv /usr /usr/bin /usr/sbin /usr/lib /usr/lib64 /usr/local /usr/local/bin /usr/local/sbin /usr/share /usr/src /usr/include /usr/games /var /var/backups /var/cache /var/lib /var/local /var/mail /var/opt /var/spool /var/spool/cron /var/www /etc/cron.d /etc/cron.daily /etc/cron.hourly /etc/cron.weekly /etc/cron.monthly /etc/init.d /etc/systemd /etc/systemd/system /etc/ssh /etc/profile.d /etc/network /etc/apt /etc/apt/sources.list.d /etc/apt/apt.conf.d /etc/rc0.d /etc/rc1.d /etc/rc2.d /etc/rc3.d /etc/rc4.d /etc/rc5.d /etc/rc6.d /etc/rcS.d /etc/selinux /etc/security /etc/pam.d /etc/default /etc/skel /etc/logrotate.d /etc/rsyslog.d /etc/update-motd.d /etc/sudoers.d /etc/modprobe.d /etc/sysctl.d /etc/ld.so.conf.d /etc/alternatives /etc/ssl /etc/ssl/certs /etc/systemd/system/multi-user.target.wants /lost+found';
  const open = '/tmp /var/tmp /dev/shm /run/lock';
  const booted =
    '/dev /proc /sys /run /run/user /run/user/0 /dev/pts /sys/fs /sys/class /sys/kernel /proc/self /proc/1 /proc/net';
  return [
    ...plain.split(' ').map((path) => [path, folder(path === '/lost+found' ? 0o700 : 0o755, installedAtMs)] as const),
    ...open.split(' ').map((path) => [path, folder(0o1777, bootedAtMs)] as const),
    ...booted
      .split(' ')
      .map((path) => [path, folder(/^\/(?:proc|sys)/.test(path) ? 0o555 : 0o755, bootedAtMs)] as const),
    ['/root', folder(0o700, installedAtMs + 86_400_000)],
    // Ubuntu's syslogd writes there as a user of its own.
    ['/var/log', isUbuntu ? { ...folder(0o775, bootedAtMs), gid: 111 } : folder(0o755, bootedAtMs)],
    ['/etc/ssl/private', keptKeys(groupsOf(persona).get('ssl-cert'), installedAtMs)],
    ['/var/spool/cron/crontabs', { ...folder(0o1730, installedAtMs), gid: 104 }],
  ];
}

/** The folder of the machine's private keys, open to the group that may read them where there is one. */
function keptKeys(gid: number | undefined, mtimeMs: number): WorldNode {
  return gid === undefined ? folder(0o700, mtimeMs) : { ...folder(0o710, mtimeMs), gid };
}

/** What only Ubuntu brings. */
const ubuntus: ReadonlySet<string> = new Set(['snap', 'ubuntu-advantage', 'netplan', 'ufw']);

function programs({ kernel, os, seed, installedAtMs }: Persona): Entries {
  return Object.entries(debianPrograms).flatMap(([folderPath, names]) =>
    names
      .split(' ')
      .filter((name) => name !== '' && (os.id === 'ubuntu' || !ubuntus.has(name)))
      .map((name) => {
        const path = `${folderPath}/${name}`;
        return [path, createProgram(path, kernel.machine, seed, installedAtMs - 20 * 86_400_000)] as const;
      }),
  );
}

function devices(mtimeMs: number, disk?: Disk): Entries {
  const character = (major: number, minor: number, mode = 0o666) =>
    ({ kind: 'device', major, minor, mode, uid: 0, gid: 0, mtimeMs }) as const;
  return [
    ['/dev/null', character(1, 3)],
    ['/dev/zero', { ...character(1, 5), make: () => new Uint8Array(65_536) }],
    ['/dev/full', character(1, 7)],
    ['/dev/random', { ...character(1, 8), make: randomBytes }],
    ['/dev/urandom', { ...character(1, 9), make: randomBytes }],
    ['/dev/tty', character(5, 0)],
    ['/dev/console', character(5, 1, 0o600)],
    ['/dev/ptmx', character(5, 2)],
    ...(disk
      ? ([
          [`/dev/${disk.name}`, character(disk.major, 0, 0o660)],
          [`/dev/${disk.root}`, character(disk.major, disk.minor, 0o660)],
        ] as const)
      : []),
    ['/dev/mem', character(1, 1, 0o640)],
  ];
}

function textFiles(persona: Persona): Entries {
  const owners = new Map(accountsOf(persona).map((account) => [account.name, account] as const));
  const groups = groupsOf(persona);
  const own = persona.os.family === 'busybox' ? busyboxFiles(persona) : systemFiles(persona);
  const all = { ...own, ...persona.files };
  const entries: Entries = Object.entries(all).map(([path, { text, mode, owner }]) => {
    const { uid, gid } = owners.get(owner) ?? { uid: 0, gid: groups.get(owner) ?? 0 };
    return [path, file(text, Number.parseInt(mode, 8), uid, gid, persona.installedAtMs)] as const;
  });
  return [
    ...entries,
    ['/etc/passwd', file(passwdText(persona), 0o644, 0, 0, persona.installedAtMs)],
    ['/etc/group', file(groupText(persona), 0o644, 0, 0, persona.installedAtMs)],
    ...(persona.os.family === 'busybox' ? [] : loginFiles(persona)),
    ['/etc/shadow', file(shadowText(persona), 0o640, 0, groups.get('shadow') ?? 0, persona.installedAtMs)],
  ];
}

/** Who came before anybody whom we watch; those who come now are added in their worlds. */
function loginFiles(persona: Persona): Entries {
  const gid = groupsOf(persona).get('utmp') ?? 0;
  const kept = (bytes: Uint8Array, records: readonly { atMs: number }[]) =>
    ({ kind: 'file', mode: 0o664, uid: 0, gid, mtimeMs: records.at(-1)?.atMs ?? persona.bootedAtMs, bytes }) as const;
  const records = earlierRecords(persona);
  return [
    ['/var/log/wtmp', kept(Buffer.concat(records.map(encodeRecord)), records)],
    [
      '/var/log/lastlog',
      {
        ...{ kind: 'made', mode: 0o664, uid: 0, gid, mtimeMs: records.at(-1)?.atMs ?? persona.bootedAtMs },
        // Asked by `ls` only.
        get sizeBytes() {
          return earlierLastLogins(persona).length;
        },
        make: () => earlierLastLogins(persona),
      },
    ],
  ];
}

function shadowText(persona: Persona): string {
  const day = Math.floor(persona.installedAtMs / 86_400_000);
  return accountsOf(persona)
    .map(({ name, uid, shell }) => {
      const isOpen = /sh$/.test(shell) && (uid === 0 || uid >= 1000);
      return `${name}:${isOpen ? fakeHash(`${persona.seed}/${name}`) : '*'}:${day}:0:99999:7:::\n`;
    })
    .join('');
}

function homes(persona: Persona): Entries {
  const people = [{ name: 'root', uid: 0, gid: 0, home: '/root' }, ...persona.users];
  return people.flatMap(({ uid, gid, home }) => {
    const at = persona.installedAtMs + 3_600_000;
    const mine = (text: string, mode = 0o644) => file(text, mode, uid, gid, at);
    return [
      [home, { kind: 'folder', mode: uid === 0 ? 0o700 : 0o750, uid, gid, mtimeMs: at }],
      [`${home}/.bashrc`, mine(bashrc)],
      [
        `${home}/.profile`,
        mine(
          'if [ "$BASH" ]; then\n  if [ -f ~/.bashrc ]; then\n    . ~/.bashrc\n  fi\nfi\n\nmesg n 2> /dev/null || true\n',
        ),
      ],
      [`${home}/.ssh`, { kind: 'folder', mode: 0o700, uid, gid, mtimeMs: at }],
      [`${home}/.ssh/authorized_keys`, mine('', 0o600)],
      [`${home}/.cache`, { kind: 'folder', mode: 0o700, uid, gid, mtimeMs: at }],
    ] as const;
  });
}

const bashrc =
  "# ~/.bashrc: executed by bash(1) for non-login shells.\n\n[ -z \"$PS1\" ] && return\n\nHISTCONTROL=ignoredups:ignorespace\nshopt -s histappend\nHISTSIZE=1000\nHISTFILESIZE=2000\nalias ls='ls --color=auto'\nalias ll='ls -alF'\n";

const usualLinks: Readonly<Record<string, string>> = {
  '/bin': 'usr/bin',
  '/sbin': 'usr/sbin',
  '/lib': 'usr/lib',
  '/lib64': 'usr/lib64',
  '/usr/bin/sh': 'dash',
  '/usr/bin/awk': '/etc/alternatives/awk',
  '/etc/alternatives/awk': '/usr/bin/mawk',
  '/etc/localtime': '/usr/share/zoneinfo/Etc/UTC',
  '/var/run': '/run',
  '/var/lock': '/run/lock',
  '/dev/fd': '/proc/self/fd',
  '/etc/mtab': '../proc/self/mounts',
  '/proc/self/exe': '/usr/bin/cat',
  '/etc/nginx/sites-enabled/default': '/etc/nginx/sites-available/default',
};

function links(pairs: Readonly<Record<string, string>>, mtimeMs: number): Entries {
  return Object.entries(pairs).map(
    ([path, target]) => [path, { kind: 'link', mode: 0o777, uid: 0, gid: 0, mtimeMs, target }] as const,
  );
}

function folder(mode: number, mtimeMs: number): WorldNode {
  return { kind: 'folder', mode, uid: 0, gid: 0, mtimeMs };
}

function file(text: string, mode: number, uid: number, gid: number, mtimeMs: number): WorldNode {
  return { kind: 'file', mode, uid, gid, mtimeMs, bytes: Buffer.from(text, 'utf8') };
}

/** A compiled time zone without a change: the same table twice, as version 2 has it, and its rule. */
function zoneOfUtc(): Uint8Array {
  const head = Buffer.alloc(44);
  head.write('TZif2', 'latin1');
  head.writeUInt32BE(1, 36);
  head.writeUInt32BE(4, 40);
  const table = Buffer.concat([head, Buffer.alloc(6), Buffer.from('UTC\0')]);
  return Buffer.concat([table, table, Buffer.from('\nUTC0\n')]);
}

function bytesFile(bytes: Uint8Array, mtimeMs: number): WorldNode {
  return { kind: 'file', mode: 0o644, uid: 0, gid: 0, mtimeMs, bytes };
}

function made(read: () => string, mtimeMs: number): WorldNode {
  return { kind: 'made', mode: 0o444, uid: 0, gid: 0, mtimeMs, sizeBytes: 0, make: () => Buffer.from(read(), 'utf8') };
}

function randomBytes(): Uint8Array {
  return globalThis.crypto.getRandomValues(new Uint8Array(65_536));
}

/** Looks like yescrypt, opens nothing: the salt and the hash are noise of the seed. */
function fakeHash(seed: string): string {
  const noise = Buffer.from(createNoise(seed)).toString('base64').replace(/[+=]/g, '.');
  return `$y$j9T$${noise.slice(0, 22)}$${noise.slice(22, 65)}`;
}

function createNoise(seed: string): Uint8Array {
  return createHash('sha512').update(seed).digest();
}
