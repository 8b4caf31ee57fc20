import type { UserRole } from '@cerberusmesh/contract/api-users';
import { composeWhoMay } from '../../compose/who-may.ts';
import { readConfig } from '../../config.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Database } from '../../store/database.ts';
import type { Tokens } from '../../store/tokens.ts';
import { csrfTokenOf } from '../who/cookies.ts';
import { createPasswords } from '../who/passwords.ts';
import type { WhoMay } from '../who/who-may.ts';

const testUrl = 'http://127.0.0.1:3000';

/** The real house rules under a key of the test's own; `env` may name an OpenID provider. */
export function composeTestWhoMay(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly env: Readonly<Record<string, string>>;
}) {
  const config = readConfig({
    ...{ env: parts.env, flags: {}, cwd: '/', home: '/', projectDir: null },
    readFile: () => '',
  });
  return composeWhoMay({
    ...{ ...parts, config, installKey: Buffer.alloc(32, 7), url: () => parts.env['CERBERUS_PUBLIC_URL'] ?? testUrl },
    // The usual cost is a third of a second a sign-in.
    passwords: createPasswords({ lnN: 4, p: 1 }),
  });
}

export interface SignedIn {
  readonly cookie: string;
  readonly 'x-csrf-token': string;
}

/** A person of each role, as a browser asks that is signed in as him. */
export async function signInOneOfEach({ users, sessions }: WhoMay): Promise<Readonly<Record<UserRole, SignedIn>>> {
  const one = async (role: UserRole): Promise<SignedIn> => {
    const user = await users.create({ name: `some-${role}`, role, voucher: null }, 'test');
    const secret = await sessions.open(user, '127.0.0.1', 'test');
    return { cookie: `cerberus_session=${secret}`, 'x-csrf-token': csrfTokenOf(secret) };
  };
  return { viewer: await one('viewer'), operator: await one('operator'), admin: await one('admin') };
}
