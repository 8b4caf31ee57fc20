import { createHash } from 'node:crypto';
import { type Call, fail, type Machine, type Programs, type Result, readOptions } from '../program.ts';
import { isCryptOf } from './crypt.ts';
import { withUsage } from './with-usage.ts';
import { accountsIn, groupsIn, groupsWith } from './world-accounts.ts';
import { keptFile, readText } from './world-text.ts';

/** Accounts and groups. What is changed is changed in the tables of the world, and every program reads those. */
export const userPrograms: Programs = {
  useradd: withUsage(addUser),
  usermod: withUsage(changeUser),
  userdel: withUsage(removeUser),
  gpasswd: changeMembers,
  groupadd: withUsage(addGroup),
  addgroup: addGroup,
  groupdel: ({ args, machine, name }) => {
    const group = args.filter((arg) => !arg.startsWith('-')).at(-1) ?? '';
    if (!groupsIn(machine).has(group)) return fail(`${name}: group '${group}' does not exist\n`, 6);
    editTable(machine, '/etc/group', (rows) => rows.filter((row) => row[0] !== group));
    return {};
  },
};

const takes = 'dsugGpcekKfb';

function addUser({ args, machine, name }: Call): Result {
  const { flags, rest } = readOptions(args, takes);
  const user = rest.at(-1) ?? '';
  const of = (letter: string, long: string) => flags.get(letter) ?? flags.get(long);
  if (user === '') return fail(`Usage: ${name} [options] LOGIN\n`, 2);
  if (machine.actor.uid !== 0)
    return fail(`${name}: Permission denied.\n${name}: cannot lock /etc/passwd; try again later.\n`);
  if (accountsIn(machine).some((each) => each.name === user))
    return fail(`${name}: user '${user}' already exists\n`, 9);
  if (!/^[a-z_][a-z0-9_.-]{0,31}\$?$/i.test(user))
    return fail(`${name}: invalid user name '${user}': use --badname to ignore\n`, 3);
  const given = of('u', 'uid');
  const uid = given === undefined ? undefined : Number(given);
  if (uid !== undefined && !flags.has('o') && accountsIn(machine).some((each) => each.uid === uid))
    return fail(`${name}: UID ${uid} is not unique\n`, 4);
  const wanted = of('g', 'gid');
  const gid = wanted === undefined ? undefined : (groupsIn(machine).get(wanted) ?? Number(wanted));
  if (Number.isNaN(gid)) return fail(`${name}: group '${wanted}' does not exist\n`, 6);
  const unknown = unknownGroups(machine, of('G', 'groups'));
  if (unknown.length > 0) return fail(unknown.map((group) => `${name}: group '${group}' does not exist\n`).join(''), 6);
  addAccount(machine, {
    ...{ user, uid, gid, home: of('d', 'home') ?? of('d', 'home-dir'), shell: of('s', 'shell') ?? '/bin/sh' },
    ...{ gecos: of('c', 'comment') ?? '', hash: of('p', 'password') },
    makesHome: flags.has('m') || flags.has('create-home'),
  });
  joinGroups(machine, user, of('G', 'groups'));
  const isOdd = uid !== undefined && uid < 1000 && !flags.has('r');
  return fail(
    isOdd ? `useradd warning: ${user}'s uid ${uid} outside of the UID_MIN 1000 and UID_MAX 60000 range.\n` : '',
    0,
  );
}

export interface NewAccount {
  readonly user: string;
  /** The next that is free where it is not given. */
  readonly uid: number | undefined;
  /** A group of its own where it is not given. */
  readonly gid: number | undefined;
  readonly home: string | undefined;
  readonly shell: string;
  readonly gecos: string;
  readonly hash?: string | undefined;
  readonly makesHome: boolean;
}

/** Puts an account into the tables, with a group of its own and its home. */
export function addAccount(machine: Machine, wanted: NewAccount): { uid: number; gid: number; home: string } {
  const { user, shell, gecos } = wanted;
  const uid = wanted.uid ?? nextNumber(accountsIn(machine).map((each) => each.uid));
  const gid = wanted.gid ?? groupsIn(machine).get(user) ?? uid;
  const home = wanted.home ?? `/home/${user}`;
  const day = Math.floor(machine.now() / 86_400_000);
  editTable(machine, '/etc/passwd', (rows) => [...rows, [user, 'x', `${uid}`, `${gid}`, gecos, home, shell]]);
  editTable(machine, '/etc/shadow', (rows) => [
    ...rows,
    [user, wanted.hash ?? '!', `${day}`, '0', '99999', '7', '', '', ''],
  ]);
  if (wanted.gid === undefined && !groupsIn(machine).has(user) && uid !== 0)
    editTable(machine, '/etc/group', (rows) => [...rows, [user, 'x', `${gid}`, '']]);
  if (wanted.makesHome) makeHome(machine, home, uid, gid);
  return { uid, gid, home };
}

function changeUser({ args, machine }: Call): Result {
  const { flags, rest } = readOptions(args, takes);
  const user = rest.at(-1) ?? '';
  const refused = refusal(machine, 'usermod', user);
  if (refused) return refused;
  const changes: [number, string | undefined][] = [
    [2, flags.get('u')],
    [5, flags.get('d')],
    [6, flags.get('s')],
    [4, flags.get('c')],
  ];
  editTable(machine, '/etc/passwd', (rows) =>
    rows.map((row) =>
      row[0] === user ? row.map((cell, at) => changes.find(([index]) => index === at)?.[1] ?? cell) : row,
    ),
  );
  const unknown = unknownGroups(machine, flags.get('G'));
  if (unknown.length > 0) return fail(unknown.map((group) => `usermod: group '${group}' does not exist\n`).join(''), 6);
  joinGroups(machine, user, flags.get('G'));
  if (flags.has('L')) editHash(machine, user, (hash) => `!${hash.replace(/^!/, '')}`);
  if (flags.has('U')) editHash(machine, user, (hash) => hash.replace(/^!/, ''));
  const hash = flags.get('p');
  if (hash !== undefined) setHash(machine, user, hash);
  return {};
}

function removeUser({ args, machine, name }: Call): Result {
  const user = args.filter((arg) => !arg.startsWith('-')).at(-1) ?? '';
  const refused = refusal(machine, name, user);
  if (refused) return refused;
  const home = accountsIn(machine).find((each) => each.name === user)?.home ?? '';
  for (const path of ['/etc/passwd', '/etc/shadow', '/etc/group'])
    editTable(machine, path, (rows) => rows.filter((row) => row[0] !== user));
  if (!args.some((arg) => /^-\w*r|^--remove$/.test(arg))) return {};
  removeTree(machine, home);
  return { stderr: `${name}: ${user} mail spool (/var/mail/${user}) not found\n` };
}

function removeTree(machine: Machine, path: string): void {
  if (path === '/' || !machine.world.find(path)) return;
  if (machine.world.lookAt(path)?.kind === 'folder')
    for (const each of machine.world.list(path, machine.actor)) removeTree(machine, `${path}/${each}`);
  machine.world.remove(path, machine.actor);
}

function addGroup({ args, machine, name }: Call): Result {
  const { flags, rest } = readOptions(args, 'gKp');
  const group = rest.at(-1);
  if (group === undefined)
    return name === 'addgroup'
      ? fail('addgroup: Only one or two names allowed.\n')
      : fail('Usage: groupadd [options] GROUP\n', 2);
  if (machine.actor.uid !== 0)
    return fail(`${name}: Permission denied.\n${name}: cannot lock /etc/group; try again later.\n`, 10);
  if (groupsIn(machine).has(group)) return fail(`${name}: group '${group}' already exists\n`, 9);
  if ([...groupsIn(machine).values()].includes(Number(flags.get('g') ?? Number.NaN)) && !flags.has('o'))
    return fail(`${name}: GID '${flags.get('g')}' already exists\n`, 4);
  const gid = flags.get('g') ?? String(nextNumber([...groupsIn(machine).values()]));
  editTable(machine, '/etc/group', (rows) => [...rows, [group, 'x', gid, '']]);
  return {};
}

/** `gpasswd -a USER GROUP` and `-d`. */
function changeMembers({ args, machine }: Call): Result {
  const { flags, rest } = readOptions(args, 'adMA');
  const [group = ''] = rest;
  const user = flags.get('a') ?? flags.get('d');
  if (group === '') return fail('Usage: gpasswd [option] GROUP\n', 2);
  if (!groupsIn(machine).has(group)) return fail(`gpasswd: group '${group}' does not exist in /etc/group\n`);
  if (user === undefined) return {};
  if (!accountsIn(machine).some((each) => each.name === user))
    return fail(`gpasswd: user '${user}' does not exist\n`, 3);
  if (flags.has('a')) {
    joinGroups(machine, user, group);
    return { stdout: `Adding user ${user} to group ${group}\n` };
  }
  const said = `Removing user ${user} from group ${group}\n`;
  if (!groupsWith(machine, user).includes(group))
    return { stdout: said, stderr: `gpasswd: user '${user}' is not a member of '${group}'\n`, exitCode: 3 };
  leaveGroup(machine, user, group);
  return { stdout: said };
}

/** Out of one group. */
export function leaveGroup(machine: Machine, user: string, group: string): void {
  const without = (members: string) =>
    members
      .split(',')
      .filter((name) => name !== user)
      .join(',');
  editTable(machine, '/etc/group', (rows) =>
    rows.map((row) => (row[0] === group ? row.with(3, without(row[3] ?? '')) : row)),
  );
}

function refusal(machine: Machine, name: string, user: string): Result | undefined {
  if (machine.actor.uid !== 0)
    return fail(`${name}: Permission denied.\n${name}: cannot lock /etc/passwd; try again later.\n`);
  return accountsIn(machine).some((each) => each.name === user)
    ? undefined
    : fail(`${name}: user '${user}' does not exist\n`, 6);
}

/** Sets what /etc/shadow has for a user, as `passwd` and `chpasswd` do. */
export function setPassword(machine: Machine, user: string, password: string): void {
  const salt = Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(12)))
    .toString('base64')
    .replace(/[+=]/g, '.');
  setHash(machine, user, hashOf(password, salt));
}

/** Whether a hash that `setPassword` made, or that a visitor brought, is that of a password; undefined where that cannot be told. */
export function isPassword(hash: string, password: string): boolean | undefined {
  // Locked.
  if (/^!\$/.test(hash)) return false;
  const salt = /^\$y\$j9T\$([^$]{16})\$/.exec(hash)?.[1];
  return salt === undefined ? isCryptOf(hash, password) : hashOf(password, salt) === hash;
}

/** Looks as yescrypt does, which would cost 50 ms of the thread; what it keeps is a bait's, and has to be told again only. */
function hashOf(password: string, salt: string): string {
  const digest = createHash('sha512').update(`${salt}\0${password}`).digest('base64');
  return `$y$j9T$${salt}$${digest.replace(/[+=]/g, '.').slice(0, 43)}`;
}

/** Changes what is kept of a password and not when it was set: a lock, or none at all. */
export function editHash(machine: Machine, user: string, edit: (hash: string) => string): void {
  editTable(machine, '/etc/shadow', (rows) =>
    rows.map((row) => (row[0] === user ? [user, edit(row[1] ?? ''), ...row.slice(2)] : row)),
  );
}

function setHash(machine: Machine, user: string, hash: string): void {
  const day = String(Math.floor(machine.now() / 86_400_000));
  editTable(machine, '/etc/shadow', (rows) =>
    rows.map((row) => (row[0] === user ? [user, hash, day, ...row.slice(3)] : row)),
  );
}

function unknownGroups(machine: Machine, names: string | undefined): string[] {
  return (names ?? '').split(',').filter((group) => group !== '' && !groupsIn(machine).has(group));
}

/** Into each of the groups, which commas part. */
export function joinGroups(machine: Machine, user: string, names: string | undefined): void {
  if (names === undefined) return;
  const wanted = names.split(',');
  editTable(machine, '/etc/group', (rows) =>
    rows.map((row) => {
      const members = (row[3] ?? '').split(',').filter((each) => each !== '');
      if (!wanted.includes(row[0] ?? '') || members.includes(user)) return row;
      return [...row.slice(0, 3), [...members, user].join(',')];
    }),
  );
}

function makeHome(machine: Machine, home: string, uid: number, gid: number): void {
  if (machine.world.find(home)) return;
  const mtimeMs = machine.now();
  machine.world.put(home, { kind: 'folder', mode: 0o755, uid, gid, mtimeMs });
  for (const name of ['.bash_logout', '.bashrc', '.profile']) {
    const text = readText(machine, `/root/${name}`) ?? logoutText;
    machine.world.put(`${home}/${name}`, { kind: 'file', mode: 0o644, uid, gid, mtimeMs, bytes: Buffer.from(text) });
  }
}

const logoutText =
  '# ~/.bash_logout: executed by bash(1) when login shell exits.\n\n[ "$SHLVL" = 1 ] && [ -x /usr/bin/clear_console ] && /usr/bin/clear_console -q\n';

function nextNumber(taken: readonly number[]): number {
  return Math.max(999, ...taken.filter((each) => each < 60_000)) + 1;
}

const modes: Readonly<Record<string, number>> = { '/etc/shadow': 0o640 };

/** Changes a table of colons, whose owner and mode stay. */
export function editTable(machine: Machine, path: string, edit: (rows: string[][]) => string[][]): void {
  const rows = (readText(machine, path) ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(':'));
  const text = edit(rows)
    .map((row) => `${row.join(':')}\n`)
    .join('');
  const old = machine.world.find(path);
  machine.world.put(path, {
    ...keptFile(text, modes[path] ?? 0o644, machine),
    ...(old ? { uid: old.uid, gid: old.gid } : {}),
  });
}
