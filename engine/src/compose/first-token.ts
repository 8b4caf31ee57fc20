import type { Writable } from 'node:stream';
import type { WhoMay } from '../serve/who/who-may.ts';
import type { Tokens } from '../store/tokens.ts';

const setUpHours = 24;

/**
 * There is no default password: the first start prints a link, with which a person makes himself the admin, and one
 * admin token for scripts. They go to the terminal once, past the log, and are in no file.
 */
export async function offerFirstEntry(
  { tokens, whoMay: { users, links, linkTo } }: { readonly tokens: Tokens; readonly whoMay: WhoMay },
  stdout: Writable,
): Promise<void> {
  if ((await tokens.countValid()) > 0 || (await users.list()).length > 0) return;
  const { secret } = await tokens.create({ name: 'first start', role: 'admin', expiresAt: null }, 'first start');
  const { token } = await links.make(null, setUpHours, 'first start');
  stdout.write(
    `\n  Your admin token for scripts, shown this once:\n\n    ${secret}\n` +
      `\n  Or make yourself a user, the first admin, once and within ${setUpHours} hours:\n\n    ${linkTo(token)}\n` +
      `\n  More of both:  npx cerberus users add NAME --role viewer,  npx cerberus token create NAME --role viewer\n\n`,
  );
}
