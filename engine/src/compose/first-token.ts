import type { Writable } from 'node:stream';
import type { Tokens } from '../store/tokens.ts';

/**
 * There is no default password: the first start makes one admin token. It goes to the terminal once, past the log, and
 * is in no file.
 */
export async function offerFirstToken(tokens: Tokens, stdout: Writable): Promise<void> {
  if ((await tokens.countValid()) > 0) return;
  const { secret } = await tokens.create({ name: 'first start', role: 'admin', expiresAt: null }, 'first start');
  stdout.write(
    `\n  Your admin token, shown this once:\n\n    ${secret}\n\n  Another one: npx cerberus token create --role admin NAME\n\n`,
  );
}
