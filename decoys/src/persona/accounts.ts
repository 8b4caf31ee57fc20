import type { Persona, PersonaUser } from '@cerberusmesh/contract/persona';

const debianSystem: readonly string[] = [
  'root:0:0:root:/root:/bin/bash',
  'daemon:1:1:daemon:/usr/sbin:/usr/sbin/nologin',
  'bin:2:2:bin:/bin:/usr/sbin/nologin',
  'sys:3:3:sys:/dev:/usr/sbin/nologin',
  'sync:4:65534:sync:/bin:/bin/sync',
  'games:5:60:games:/usr/games:/usr/sbin/nologin',
  'man:6:12:man:/var/cache/man:/usr/sbin/nologin',
  'lp:7:7:lp:/var/spool/lpd:/usr/sbin/nologin',
  'mail:8:8:mail:/var/mail:/usr/sbin/nologin',
  'news:9:9:news:/var/spool/news:/usr/sbin/nologin',
  'uucp:10:10:uucp:/var/spool/uucp:/usr/sbin/nologin',
  'proxy:13:13:proxy:/bin:/usr/sbin/nologin',
  'www-data:33:33:www-data:/var/www:/usr/sbin/nologin',
  'backup:34:34:backup:/var/backups:/usr/sbin/nologin',
  'list:38:38:Mailing List Manager:/var/list:/usr/sbin/nologin',
  'irc:39:39:ircd:/run/ircd:/usr/sbin/nologin',
  'nobody:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
  'systemd-network:100:102:systemd Network Management,,,:/run/systemd:/usr/sbin/nologin',
  'systemd-resolve:101:103:systemd Resolver,,,:/run/systemd:/usr/sbin/nologin',
  'messagebus:102:105::/nonexistent:/usr/sbin/nologin',
  'systemd-timesync:103:106:systemd Time Synchronization,,,:/run/systemd:/usr/sbin/nologin',
  'syslog:104:111::/home/syslog:/usr/sbin/nologin',
  '_apt:105:65534::/nonexistent:/usr/sbin/nologin',
  'sshd:106:65534::/run/sshd:/usr/sbin/nologin',
];
const busyboxSystem: readonly string[] = [
  'root:0:0:root:/root:/bin/ash',
  'daemon:1:1:daemon:/var:/bin/false',
  'nobody:65534:65534:nobody:/var:/bin/false',
];

export interface Account extends Omit<PersonaUser, 'isPerson'> {}

const known = new WeakMap<Persona, readonly Account[]>();

/** Every account of a persona, system accounts first, as /etc/passwd begins. Asked for at every prompt. */
export function accountsOf(persona: Persona): readonly Account[] {
  const accounts = known.get(persona) ?? listAccounts(persona);
  known.set(persona, accounts);
  return accounts;
}

function listAccounts(persona: Persona): Account[] {
  const system = persona.os.family === 'busybox' ? busyboxSystem : debianSystem;
  const named = system.map((line) => {
    const [name = '', uid, gid, gecos = '', home = '/', shell = ''] = line.split(':');
    return { name, uid: Number(uid), gid: Number(gid), gecos, home, shell };
  });
  const known = new Set([...named, ...persona.users].map(({ name }) => name));
  const ofServices = [...new Set(persona.services.map(({ user }) => user))].filter((user) => !known.has(user));
  const added = ofServices.map((name, index) => ({
    name,
    uid: 112 + index,
    gid: 118 + index,
    gecos: '',
    home: '/nonexistent',
    shell: '/bin/false',
  }));
  return [...named, ...added, ...persona.users.map(({ isPerson: _, ...user }) => user)];
}

/** The account of a name that was let in; one that /etc/passwd does not have is an ordinary user. */
export function accountOf(persona: Persona, user: string): Account {
  const known = accountsOf(persona).find(({ name }) => name === user);
  return (
    known ?? {
      name: user,
      uid: 1000,
      gid: 1000,
      gecos: '',
      home: `/home/${user}`,
      shell: persona.os.family === 'busybox' ? '/bin/ash' : '/bin/bash',
    }
  );
}

/** /etc/passwd. */
export function passwdText(persona: Persona): string {
  return accountsOf(persona)
    .map(({ name, uid, gid, gecos, home, shell }) => `${name}:x:${uid}:${gid}:${gecos}:${home}:${shell}\n`)
    .join('');
}

const debianGroups =
  'root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 news:9 uucp:10 man:12 proxy:13 kmem:15 dialout:20 fax:21 voice:22 cdrom:24 floppy:25 tape:26 sudo:27 audio:29 dip:30 www-data:33 backup:34 operator:37 list:38 irc:39 src:40 shadow:42 utmp:43 video:44 sasl:45 plugdev:46 staff:50 games:60 users:100 nogroup:65534 systemd-journal:101 systemd-network:102 systemd-resolve:103 crontab:104 messagebus:105 systemd-timesync:106 input:107 kvm:108 render:109 syslog:111';

/** Group numbers by name, the people's own groups included. */
export function groupsOf(persona: Persona): Map<string, number> {
  const groups = new Map<string, number>();
  const system = persona.os.family === 'busybox' ? 'root:0 daemon:1 nogroup:65534' : debianGroups;
  for (const entry of system.split(' ')) {
    const [name = '', gid] = entry.split(':');
    groups.set(name, Number(gid));
  }
  // Debian's package ssl-cert comes with PostgreSQL.
  if (accountsOf(persona).some(({ name }) => name === 'postgres')) groups.set('ssl-cert', 113);
  const numbers = new Set(groups.values());
  for (const { name, gid } of accountsOf(persona)) if (!groups.has(name) && !numbers.has(gid)) groups.set(name, gid);
  return groups;
}

/** /etc/group, in which the first of the people administers. */
export function groupText(persona: Persona): string {
  const admins = persona.users[0]?.name ?? '';
  const members: Readonly<Record<string, string>> = { sudo: admins, adm: admins, 'ssl-cert': 'postgres' };
  return [...groupsOf(persona)].map(([name, gid]) => `${name}:x:${gid}:${members[name] ?? ''}\n`).join('');
}
