import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../test/support/free-port.ts';
import { type RealRedis, startRedis } from '../../test/support/redis.ts';
import { connectRedis } from './redis-connection.ts';

let dir: string;
let redis: RealRedis;
let port: number;
let authority: string;
const trusted = getCACertificates('default');

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cerberus-redis-tls-'));
  const made = await generate([{ name: 'commonName', value: 'redis' }], {
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  authority = made.cert;
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  await writeFile(cert, made.cert);
  await writeFile(key, made.private);
  port = await freePort();
  redis = await startRedis({
    ...{ port: '0', 'tls-port': String(port), 'tls-cert-file': cert, 'tls-key-file': key },
    ...{ 'tls-ca-cert-file': cert, 'tls-auth-clients': 'no', requirepass: 'a-password' },
  });
});
afterAll(async () => {
  setDefaultCACertificates(trusted);
  await redis.stop();
  await rm(dir, { recursive: true });
});

it('speaks TLS with a Redis whose authority is known, and gives it the password', async () => {
  setDefaultCACertificates([...trusted, authority]);
  const client = await connectRedis(`rediss://:a-password@127.0.0.1:${port}/0`);
  expect(await client.set('sealed', 'yes')).toBe('OK');
  expect(await client.get('sealed')).toBe('yes');
  client.disconnect();
});

it.each([
  { what: 'of an unknown authority', known: false, url: () => `rediss://:a-password@127.0.0.1:${port}/0` },
  { what: 'under another name', known: true, url: () => `rediss://:a-password@localhost:${port}/0` },
  { what: 'without TLS', known: true, url: () => `redis://:a-password@127.0.0.1:${port}/0` },
  { what: 'without the password', known: true, url: () => `rediss://127.0.0.1:${port}/0` },
])('gives nothing to a Redis $what', async ({ known, url }) => {
  setDefaultCACertificates(known ? [...trusted, authority] : trusted);
  const asking = connectRedis(url()).then(async (client) => {
    await client.get('sealed').finally(() => client.disconnect());
  });
  await expect(asking).rejects.toThrow();
});
