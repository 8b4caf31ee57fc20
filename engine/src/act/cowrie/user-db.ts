import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { readSetting } from './config-file.ts';
import { configPath } from './manifest.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Credentials that this Cowrie takes. Throws PROBE_FAILED where its rules let nobody be found, with what to do. */
export async function acceptedCredentials(cowrieDir: string): Promise<Credentials> {
  const config = await readFile(join(cowrieDir, configPath), 'utf8').catch(() => '');
  if ((readSetting(config, 'honeypot', 'auth_class') ?? 'UserDB') !== 'UserDB') {
    throw new CerberusError(
      'PROBE_FAILED',
      'This Cowrie lets visitors in at random (auth_class); give --user and --password.',
    );
  }
  const etc = readSetting(config, 'honeypot', 'etc_path') ?? 'etc';
  const text = await readFile(join(cowrieDir, etc, 'userdb.txt'), 'utf8').catch(() => packagedRules);
  const found = findAccepted(parseUserDb(text));
  if (found) return found;
  throw new CerberusError(
    'PROBE_FAILED',
    'etc/userdb.txt lets nobody in that can be guessed; give --user and --password.',
  );
}

/** What Cowrie uses where there is no userdb.txt. */
const packagedRules = 'root:x:!root\nroot:x:!123456\nroot:x:!/honeypot/i\nroot:x:*\n';

export interface UserRule {
  readonly user: RegExp | string;
  readonly password: RegExp | string;
  readonly allows: boolean;
}

/** Rules in their order; the first that fits decides, as in Cowrie. A rule that Python reads and we cannot is left out. */
export function parseUserDb(text: string): UserRule[] {
  const lines = text.split(/\r?\n/).filter((line) => !line.startsWith('#'));
  return lines.flatMap((line) => {
    const [user, , rest] = line.split(':');
    if (user === undefined || rest === undefined) return [];
    const password = rest.trim();
    const allows = !password.startsWith('!');
    const patterns = [user, allows ? password : password.slice(1)].map(patternOf);
    const [userPattern, passwordPattern] = patterns;
    if (userPattern === undefined || passwordPattern === undefined) return [];
    return [{ user: userPattern, password: passwordPattern, allows }];
  });
}

/** Root first, because the decoys lie in root's home. */
export function findAccepted(rules: readonly UserRule[]): Credentials | undefined {
  const named = rules.flatMap(({ user }) => (typeof user === 'string' && user !== '*' ? [user] : []));
  const candidates = rules.flatMap(({ password }) =>
    typeof password === 'string' && password !== '*' ? [password] : [],
  );
  // A guess that is no rule's word, for the rules that take anything.
  const guess = `Sommer-${randomInt(1000, 10_000)}`;
  for (const username of ['root', ...named, 'admin']) {
    const password = [guess, ...candidates].find((candidate) => isAccepted(rules, { username, password: candidate }));
    if (password !== undefined) return { username, password };
  }
  return undefined;
}

/** Whether Cowrie would let these in: its first rule that fits decides, and without one it refuses. */
export function isAccepted(rules: readonly UserRule[], { username, password }: Credentials): boolean {
  const rule = rules.find((candidate) => fits(candidate.user, username) && fits(candidate.password, password));
  return rule?.allows ?? false;
}

function patternOf(text: string): RegExp | string | undefined {
  const [, body, flag] = /^\/(.+)\/(i)?$/.exec(text) ?? [];
  if (body === undefined) return text;
  try {
    return new RegExp(body, flag ?? '');
  } catch {
    return undefined;
  }
}

function fits(pattern: RegExp | string, value: string): boolean {
  return typeof pattern === 'string' ? pattern === '*' || pattern === value : pattern.test(value);
}
