import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { nearest } from '@cerberusmesh/contract/nearest';
import { Command } from 'commander';
import { isSealed, openSealed, seal } from '../config/seal.ts';
import { allSettings } from '../config/settings.ts';
import { processSources, readMasterKey } from '../config.ts';
import type { Secret } from '../kit/secret.ts';
import type { CommandIo } from './command-io.ts';

const valueBytesMax = 64 * 1024;

/** `cerberus secret`: a master key, and values sealed under it. */
export function secretCommand(io: CommandIo): Command {
  const masterKey = () => readMasterKey(processSources({}));
  const command = new Command('secret').description('make a master key, seal a secret for the configuration');
  command
    .command('key')
    .description('print a new master key, for CERBERUS_MASTER_KEY or the file of CERBERUS_MASTER_KEY_FILE')
    .action(() => makeMasterKey(io));
  command
    .command('seal <NAME>')
    .description('seal the value on standard input for the setting NAME, such as OPENAI_API_KEY')
    .action((name: string) => sealSecret(name, masterKey(), io));
  command
    .command('verify <NAME>')
    .description('say whether the sealed value on standard input opens for the setting NAME')
    .action((name: string) => verifySecret(name, masterKey(), io));
  return command;
}

/** `cerberus secret key`: prints a new master key of 256 random bits. */
export function makeMasterKey(io: CommandIo): void {
  io.stdout.write(`${randomBytes(32).toString('base64url')}\n`);
}

/**
 * `cerberus secret seal NAME`: reads the value from stdin, because other users can see the arguments of a process, and
 * prints the line to put into config.ini or the variable. Throws BAD_SECRET for a name that cannot be sealed, a missing
 * master key or an empty value.
 */
export async function sealSecret(name: string, masterKey: Secret | null, io: CommandIo): Promise<void> {
  const setting = getSealable(name);
  const key = getMasterKey(masterKey);
  const value = await readValue(
    io,
    `Type the value of ${setting} and end with Ctrl-D; only the sealed form is printed.`,
  );
  if (isSealed(value))
    throw new CerberusError('BAD_SECRET', 'Expected a plain value, came one that is sealed already.');
  io.stdout.write(`${seal(value, setting, key)}\n`);
}

/** `cerberus secret verify NAME`: says whether the sealed value on stdin opens for NAME, and never what is in it. */
export async function verifySecret(name: string, masterKey: Secret | null, io: CommandIo): Promise<void> {
  const setting = getSealable(name);
  const key = getMasterKey(masterKey);
  const value = await readValue(io, `Paste the sealed value of ${setting} and end with Ctrl-D.`);
  openSealed(value, setting, key);
  io.stdout.write(`This value opens for ${setting}.\n`);
}

function getSealable(name: string): string {
  const names = allSettings
    .filter(({ treat, environmentOnly }) => treat === 'secret' && !environmentOnly)
    .map(({ env }) => env);
  if (names.includes(name)) return name;
  const near = nearest(name, names);
  const hint = near === undefined ? `one of ${names.join(', ')}` : near;
  throw new CerberusError(
    'BAD_SECRET',
    `Expected the name of a secret setting, came ${JSON.stringify(name)}; did you mean ${hint}?`,
  );
}

function getMasterKey(masterKey: Secret | null): string {
  if (masterKey !== null) return masterKey.reveal();
  throw new CerberusError(
    'BAD_SECRET',
    'There is no master key; make one with `cerberus secret key` and set CERBERUS_MASTER_KEY or CERBERUS_MASTER_KEY_FILE.',
  );
}

async function readValue({ stdin, stderr }: CommandIo, prompt: string): Promise<string> {
  if ('isTTY' in stdin && stdin.isTTY === true) stderr.write(`${prompt}\n`);
  const value = (await readAll(stdin)).replace(/\r?\n$/, '');
  if (value === '') throw new CerberusError('BAD_SECRET', 'Expected the value on standard input, came nothing.');
  return value;
}

async function readAll(stdin: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > valueBytesMax) {
      throw new CerberusError('BAD_SECRET', `Expected at most ${valueBytesMax} bytes on standard input, came more.`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
