import { type Account, accountOf, accountsOf, groupsOf } from '../../persona/accounts.ts';
import { bytesOf, type WorldNode } from '../../world/node.ts';
import type { Machine } from '../program.ts';

type Tables = Pick<Machine, 'world' | 'persona'>;

const accountsRead = new WeakMap<WorldNode, readonly Account[]>();
const groupsRead = new WeakMap<WorldNode, ReadonlyMap<string, number>>();

/** Who has an account: what /etc/passwd of this world says, so that whoever was added is there. */
export function accountsIn({ world, persona }: Tables): readonly Account[] {
  const node = world.find('/etc/passwd');
  if (!node) return accountsOf(persona);
  const accounts = accountsRead.get(node) ?? rowsOf(node).map(toAccount);
  accountsRead.set(node, accounts);
  return accounts;
}

/** The account of a name that was let in, be it one that the visitor made. */
export function accountIn(tables: Tables, user: string): Account {
  return accountsIn(tables).find(({ name }) => name === user) ?? accountOf(tables.persona, user);
}

/** Group numbers by name, as /etc/group of this world says. */
export function groupsIn({ world, persona }: Tables): ReadonlyMap<string, number> {
  const node = world.find('/etc/group');
  if (!node) return groupsOf(persona);
  const groups = groupsRead.get(node) ?? new Map(rowsOf(node).map(([name = '', , gid]) => [name, Number(gid)]));
  groupsRead.set(node, groups);
  return groups;
}

/** The groups that name a user as their member. */
export function groupsWith({ world }: Tables, user: string): string[] {
  const node = world.find('/etc/group');
  return node
    ? rowsOf(node).flatMap(([name = '', , , members = '']) => (members.split(',').includes(user) ? [name] : []))
    : [];
}

const rowsMax = 1_000;

function rowsOf(node: WorldNode): string[][] {
  const lines = Buffer.from(bytesOf(node)).toString('utf8').split('\n', rowsMax);
  return lines.filter((line) => line.includes(':')).map((line) => line.split(':'));
}

function toAccount([name = '', , uid, gid, gecos = '', home = '/', shell = '']: readonly string[]): Account {
  return { name, uid: Number(uid) || 0, gid: Number(gid) || 0, gecos, home: home || '/', shell: shell || '/bin/sh' };
}
