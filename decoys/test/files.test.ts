import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { paramikoPython, run, ssh, sshOptions } from './support/clients.ts';
import { startTestDecoy, type TestDecoy } from './support/decoy.ts';

let test: TestDecoy;
let here: string;
const payload = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256));
const shasum = createHash('sha256').update(payload).digest('hex');

beforeAll(async () => {
  test = await startTestDecoy();
  here = mkdtempSync(join(tmpdir(), 'cerberus-files-'));
  writeFileSync(join(here, 'payload'), payload);
});
afterAll(async () => {
  await test?.close();
  rmSync(here, { recursive: true, force: true });
});

it.each([
  { flags: [], description: 'scp over sftp' },
  { flags: ['-O'], description: 'the old scp protocol' },
])(
  '$description brings a file, which is kept by its hash, not executable, and there in the shell',
  async ({ flags }) => {
    const name = `up${flags.length}`;
    const done = await run('scp', [
      ...flags,
      ...sshOptions,
      '-P',
      String(test.port),
      join(here, 'payload'),
      `root@127.0.0.1:/tmp/${name}`,
    ]);
    expect(done).toMatchObject({ status: 0, stderr: '' });
    const kept = join(test.folder, 'downloads', shasum);
    expect(readFileSync(kept).equals(payload)).toBe(true);
    expect(statSync(kept).mode & 0o111).toBe(0);
    expect(test.events()).toContainEqual(expect.objectContaining({ eventid: 'cowrie.session.file_upload', shasum }));
    expect((await ssh(test.port, `sha256sum < /tmp/${name}`)).stdout).toContain(shasum);
  },
);

it.each([[[]], [['-O']]])('scp %j fetches what the shell shows', async (flags) => {
  await ssh(test.port, 'echo from the decoy > /root/note');
  const target = join(here, `note${flags.length}`);
  await run('scp', [...flags, ...sshOptions, '-P', String(test.port), 'root@127.0.0.1:/root/note', target]);
  expect(readFileSync(target, 'utf8')).toBe('from the decoy\n');
});

it('sftp lists, makes, renames and removes in the same world', async () => {
  const commands =
    'mkdir /tmp/d\nput payload /tmp/d/p\nrename /tmp/d/p /tmp/d/q\nls -l /tmp/d\nchmod 700 /tmp/d/q\nls /etc/hostname\nrm /tmp/d/nothing\n';
  const batch = join(here, 'batch');
  writeFileSync(batch, commands.replace('put payload', `put ${join(here, 'payload')}`));
  const done = await run('sftp', [
    ...sshOptions,
    '-o',
    'BatchMode=no',
    '-P',
    String(test.port),
    '-b',
    batch,
    'root@127.0.0.1',
  ]);
  expect(done.stdout).toContain('100000');
  expect(done.stderr).toMatch(/No such file|not found/);
  expect((await ssh(test.port, 'stat -c "%a %s" /tmp/d/q; ls /tmp/d')).stdout).toBe('700 100000\nq\n');
});

it('a name that climbs out of its folder stays in the world, and nothing is written outside', async () => {
  await run('sftp', [...sshOptions, '-P', String(test.port), '-b', '-', 'root@127.0.0.1'], {
    stdin: `put ${join(here, 'payload')} ../../../../../../../../${here}/escaped\n`,
  });
  expect(existsSync(join(here, 'escaped'))).toBe(false);
});

it('ssh -L is answered and logged, and nothing is forwarded', async () => {
  const done = await run('ssh', [...sshOptions, '-p', String(test.port), '-W', '203.0.113.9:80', 'root@127.0.0.1'], {
    stdin: 'GET / HTTP/1.0\r\n\r\n',
  });
  expect(done.stdout).toContain('502 Bad Gateway');
  expect(test.events()).toContainEqual(
    expect.objectContaining({ eventid: 'cowrie.direct-tcpip.request', dst_ip: '203.0.113.9', dst_port: 80 }),
  );
});

it('of a file that is asked for 20,000 times and never read no 600 MB of answers wait', {
  timeout: 60_000,
}, async () => {
  const before = process.memoryUsage().rss;
  const { stdout } = await run(paramikoPython(), ['-c', askAndNeverRead, String(test.port)]);
  expect(stdout).toBe('asked\n');
  expect((await ssh(test.port, 'echo answered')).stdout).toBe('answered\n');
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
});

const askAndNeverRead = `
import sys, paramiko
transport = paramiko.Transport(('127.0.0.1', int(sys.argv[1])))
transport.connect(username='root', password='hunter2')
files = paramiko.SFTPClient.from_transport(transport)
with files.open('/tmp/large', 'wb') as made: made.write(b'x' * 900000)
asked = files.open('/tmp/large', 'rb')
for count in range(20000):
    files._async_request(type(None), 5, asked.handle, paramiko.sftp.int64(count * 32768 % 800000), 32768)
transport.global_request('still@here', wait=True)
print('asked')
transport.close()
`;
