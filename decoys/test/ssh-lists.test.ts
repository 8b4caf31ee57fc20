import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort } from '../../engine/test/support/free-port.ts';
import { algorithmsText } from '../src/persona/system-files.ts';
import { type ClientKex, readKexInit } from '../src/ssh/client-kex.ts';
import { run } from './support/clients.ts';
import { readPersona, startTestDecoy } from './support/decoy.ts';

/** A sign of a mended release (9.6, or a distribution's fix), which this machine's sshd may not be. */
const strict = 'kex-strict-s-v00@openssh.com';

it('offers what a real sshd offers under the configuration that the world shows, in its order', async () => {
  const test = await startTestDecoy();
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-sshd-'));
  const port = await freePort();
  const key = join(folder, 'key');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const config = join(folder, 'config');
  writeFileSync(
    config,
    `ListenAddress 127.0.0.1\nPort ${port}\nHostKey ${key}\nPidFile none\n${algorithmsText(test.decoy.ground.persona)}`,
  );
  // Made at boot by what is not running in a container; sshd refuses to start without it.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const sshd = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await new Promise<void>((resolve, reject) => {
      sshd.stderr.on('data', (bytes: Buffer) => /listening on/.test(bytes.toString()) && resolve());
      sshd.once('exit', (code) => reject(new Error(`sshd ended with ${code}`)));
    });
    const [real, ours] = [await offerOf(port), await offerOf(test.port)];
    expect(ours.kexAlgs.at(-1)).toBe(strict);
    const lists = ({ kexAlgs, encCS, macCS, compCS }: ClientKex) => ({
      ...{ kex: kexAlgs.filter((name) => name !== strict), encCS, macCS, compCS },
    });
    expect(lists(ours)).toEqual(lists(real));
  } finally {
    sshd.kill();
    rmSync(folder, { recursive: true, force: true });
    await test.close();
  }
});

it('a router offers what a real dropbear offers, in its order', async () => {
  const test = await startTestDecoy({ template: readPersona('router') });
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-dropbear-'));
  const keys = ['ed25519', 'rsa'].map((kind) => [kind, join(folder, kind)] as const);
  for (const [kind, path] of keys) await run('/usr/bin/dropbearkey', ['-t', kind, '-f', path]);
  const port = await freePort();
  const files = keys.flatMap(([, path]) => ['-r', path]);
  const dropbear = spawn(
    '/usr/sbin/dropbear',
    ['-F', '-E', ...files, '-P', join(folder, 'pid'), '-p', `127.0.0.1:${port}`],
    {
      stdio: 'ignore',
    },
  );
  try {
    let real: ClientKex | undefined;
    await expect
      .poll(async () => (real = await offerOf(port).catch(() => undefined)), { timeout: 10_000 })
      .toBeDefined();
    const ours = await offerOf(test.port);
    const lists = (offer: ClientKex | undefined) => ({
      // Not every release has the sign of the mended one.
      kex: offer?.kexAlgs.filter((name) => name !== strict),
      ...{ keyAlgs: offer?.keyAlgs, encCS: offer?.encCS, macCS: offer?.macCS },
    });
    expect(lists(ours)).toEqual(lists(real));
    // OpenWrt builds it without zlib, Debian with it.
    expect(ours.compCS).toEqual(['none']);
  } finally {
    dropbear.kill();
    rmSync(folder, { recursive: true, force: true });
    await test.close();
  }
});

/** What a server says first: its greeting, then the packet with its lists, both in the open. */
function offerOf(port: number): Promise<ClientKex> {
  const socket = connect(port, '127.0.0.1');
  let bytes = Buffer.alloc(0);
  socket.write('SSH-2.0-look\r\n');
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const start = bytes.indexOf(0x0a) + 1;
      if (start === 0 || bytes.length < start + 4 || bytes.length < start + 4 + bytes.readUInt32BE(start)) return;
      socket.destroy();
      const offer = readKexInit(bytes.subarray(start + 5));
      if (offer) resolve(offer);
      else reject(new Error('The first packet is no KEXINIT.'));
    });
  });
}
