import { createHash } from 'node:crypto';
import { type Call, fail, type Machine, type Programs, type Result, readOptions, say } from '../program.ts';
import { accountsIn, groupsIn } from './world-accounts.ts';
import { keptFile, readText } from './world-text.ts';

/** Accounts and groups. What is changed is changed in the tables of the world, and every program reads those. */
export const userPrograms: Programs = {
  useradd: addUser,
  adduser: addUser,
  usermod: changeUser,
  userdel: removeUser,
  deluser: removeUser,
  groupadd: addGroup,
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
  const isWordy = name === 'adduser';
  const { flags, rest } = readOptions(args, isWordy ? '' : takes);
  const user = (isWordy ? rest[0] : rest.at(-1)) ?? '';
  if (user === '') return fail(`Usage: ${name} [options] LOGIN\n`, 2);
  if (machine.actor.uid !== 0)
    return fail(
      isWordy
        ? 'adduser: Only root may add a user or group to the system.\n'
        : `${name}: Permission denied.\n${name}: cannot lock /etc/passwd; try again later.\n`,
    );
  if (accountsIn(machine).some((each) => each.name === user))
    return isWordy
      ? fail(`adduser: The user \`${user}' already exists.\n`)
      : fail(`${name}: user '${user}' already exists\n`, 9);
  if (!/^[a-z_][a-z0-9_.-]{0,31}\$?$/i.test(user))
    return fail(`${name}: invalid user name '${user}': use --badname to ignore\n`, 3);
  const given = flags.get('u') ?? flags.get('uid');
  const uid = given === undefined ? nextNumber(accountsIn(machine).map((each) => each.uid)) : Number(given);
  if (given !== undefined && !flags.has('o') && accountsIn(machine).some((each) => each.uid === uid))
    return fail(`${name}: UID ${uid} is not unique\n`, 4);
  const wanted = flags.get('g') ?? flags.get('gid');
  const gid =
    wanted === undefined ? (groupsIn(machine).get(user) ?? uid) : (groupsIn(machine).get(wanted) ?? Number(wanted));
  if (Number.isNaN(gid)) return fail(`${name}: group '${wanted}' does not exist\n`, 6);
  const home = flags.get('d') ?? flags.get('home') ?? `/home/${user}`;
  const shell = flags.get('s') ?? flags.get('shell') ?? (isWordy ? '/bin/bash' : '/bin/sh');
  const hash = flags.get('p') ?? '!';
  const day = Math.floor(machine.now() / 86_400_000);
  editTable(machine, '/etc/passwd', (rows) => [
    ...rows,
    [user, 'x', `${uid}`, `${gid}`, flags.get('c') ?? (isWordy ? ',,,' : ''), home, shell],
  ]);
  editTable(machine, '/etc/shadow', (rows) => [...rows, [user, hash, `${day}`, '0', '99999', '7', '', '', '']]);
  if (wanted === undefined && !groupsIn(machine).has(user) && uid !== 0)
    editTable(machine, '/etc/group', (rows) => [...rows, [user, 'x', `${gid}`, '']]);
  joinGroups(machine, user, flags.get('G') ?? flags.get('groups'));
  if (flags.has('m') || flags.has('create-home') || isWordy) makeHome(machine, home, uid, gid);
  if (!isWordy) {
    const isOdd = given !== undefined && uid < 1000 && !flags.has('r');
    return fail(
      isOdd ? `useradd warning: ${user}'s uid ${uid} outside of the UID_MIN 1000 and UID_MAX 60000 range.\n` : '',
      0,
    );
  }
  return say(
    `Adding user \`${user}' ...\nAdding new group \`${user}' (${gid}) ...\nAdding new user \`${user}' (${uid}) with group \`${user} (${gid})' ...\nCreating home directory \`${home}' ...\nCopying files from \`/etc/skel' ...\n`,
  );
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
  joinGroups(machine, user, flags.get('G'));
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

/** Whether a hash that `setPassword` made is that of a password; undefined where it is none of ours. */
export function isPassword(hash: string, password: string): boolean | undefined {
  const salt = /^\$y\$j9T\$([^$]{16})\$/.exec(hash)?.[1];
  return salt === undefined ? undefined : hashOf(password, salt) === hash;
}

/** Looks as yescrypt does, which would cost 50 ms of the thread; what it keeps is a bait's, and has to be told again only. */
function hashOf(password: string, salt: string): string {
  const digest = createHash('sha512').update(`${salt}\0${password}`).digest('base64');
  return `$y$j9T$${salt}$${digest.replace(/[+=]/g, '.').slice(0, 43)}`;
}

function setHash(machine: Machine, user: string, hash: string): void {
  const day = String(Math.floor(machine.now() / 86_400_000));
  editTable(machine, '/etc/shadow', (rows) =>
    rows.map((row) => (row[0] === user ? [user, hash, day, ...row.slice(3)] : row)),
  );
}

function joinGroups(machine: Machine, user: string, names: string | undefined): void {
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

function editTable(machine: Machine, path: string, edit: (rows: string[][]) => string[][]): void {
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
