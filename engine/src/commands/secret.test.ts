import { PassThrough, Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { openSealed, seal } from '../config/seal.ts';
import { Secret } from '../kit/secret.ts';
import type { CommandIo } from './command-io.ts';
import { makeMasterKey, sealSecret, verifySecret } from './secret.ts';

const masterKey = new Secret('correct horse battery staple');

it('seals what comes on standard input without its last line break, differently each time', async () => {
  const outputs = await Promise.all(
    [1, 2].map(() => run('hunter2\n', (io) => sealSecret('OPENAI_API_KEY', masterKey, io))),
  );
  for (const output of outputs) {
    expect(output).toMatch(/^enc:v1:[\w-]+\n$/);
    expect(openSealed(output.trim(), 'OPENAI_API_KEY', masterKey.reveal())).toBe('hunter2');
  }
  expect(new Set(outputs).size).toBe(2);
});

it('verifies a sealed value without printing what is in it', async () => {
  const sealed = seal('hunter2', 'DATABASE_URL', masterKey.reveal());
  const output = await run(`${sealed}\n`, (io) => verifySecret('DATABASE_URL', masterKey, io));
  expect(output).toBe('This value opens for DATABASE_URL.\n');
});

it('a sealed value opens for no other setting, and not when any byte of it was changed', async () => {
  const sealed = seal('hunter2', 'DATABASE_URL', masterKey.reveal());
  await expect(run(sealed, (io) => verifySecret('OPENAI_API_KEY', masterKey, io))).rejects.toThrow(
    'sealed for another setting',
  );
  const bytes = Buffer.from(sealed.slice('enc:v1:'.length), 'base64url');
  for (const place of [0, 16, 28, 44, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
    const text = `enc:v1:${changed.toString('base64url')}`;
    await expect(run(text, (io) => verifySecret('DATABASE_URL', masterKey, io))).rejects.toMatchObject({
      code: 'BAD_SECRET',
    });
  }
});

it.each([
  ['a name that is no secret', 'PORT', masterKey, 'x', 'Expected the name of a secret setting'],
  ['a mistyped name', 'OPENAI_APIKEY', masterKey, 'x', 'did you mean OPENAI_API_KEY?'],
  ['the master key itself', 'CERBERUS_MASTER_KEY', masterKey, 'x', 'Expected the name of a secret setting'],
  ['no master key', 'OPENAI_API_KEY', null, 'x', 'make one with `cerberus secret key`'],
  ['no value', 'OPENAI_API_KEY', masterKey, '\n', 'came nothing'],
  ['a value that is sealed already', 'OPENAI_API_KEY', masterKey, 'enc:v1:AAAA', 'sealed already'],
  ['more than 64 KiB', 'OPENAI_API_KEY', masterKey, 'x'.repeat(70_000), 'came more'],
])('refuses to seal with %s', async (_, name, key, value, message) => {
  await expect(run(value, (io) => sealSecret(name, key, io))).rejects.toThrow(message);
});

it('makes a master key of 256 bits, never the same', async () => {
  const keys = await Promise.all([1, 2].map(() => run('', async (io) => makeMasterKey(io))));
  for (const key of keys) expect(Buffer.from(key.trim(), 'base64url')).toHaveLength(32);
  expect(new Set(keys).size).toBe(2);
});

async function run(input: string, command: (io: CommandIo) => Promise<void>): Promise<string> {
  const stdout = new PassThrough();
  await command({ stdin: Readable.from([input]), stdout, stderr: new PassThrough() });
  stdout.end();
  return (await stdout.toArray()).join('');
}
