import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientEnvironment, paramikoPython, run, ssh, sshOptions } from './support/clients.ts';
import { startTestDecoy, type TestDecoy } from './support/decoy.ts';

let test: TestDecoy;
beforeAll(async () => {
  test = await startTestDecoy();
});
afterAll(() => test?.close());

const near = (name: string) => fileURLToPath(new URL(name, import.meta.url));

it('paramiko logs in, runs, talks to a shell, copies files and asks for a tunnel, as with any OpenSSH', async () => {
  const done = await run(paramikoPython(), [near('support/visit.py'), String(test.port)]);
  expect(done.stderr).toBe('');
  expect(JSON.parse(done.stdout)).toEqual({
    refused: true,
    run: ['out\n', "ls: cannot access '/nope': No such file or directory\n", 7],
    piped: ['42\n', 3],
    shell: 'sh\r\n# ',
    files: ['007061796c6f6164ff', true],
    tunnel: 'HTTP/1.1 502 Bad Gateway',
  });
});

it('of a burst of logins by hydra each is logged once, and others are answered meanwhile', async () => {
  const tried = Array.from({ length: 60 }, (_, index) => `user${index}:burst-${index}`);
  const list = join(test.folder, 'pairs.txt');
  writeFileSync(list, `${tried.join('\n')}\n`);
  const burst = run('hydra', ['-C', list, '-t', '8', '-I', '-s', String(test.port), 'ssh://127.0.0.1']);
  const failed = () => test.events().filter(({ eventid }) => eventid === 'cowrie.login.failed');
  await expect.poll(() => failed().length, { timeout: 20_000 }).toBeGreaterThan(8);
  const before = failed().length;
  expect((await ssh(test.port, 'echo answered')).stdout).toBe('answered\n');
  // Else it was answered after the burst, and the test would say nothing.
  expect(before).toBeLessThan(tried.length);
  expect((await burst).stdout).toContain('0 valid password');
  const logged = failed().flatMap(({ username, password }) =>
    String(password).startsWith('burst-') ? [`${username}:${password}`] : [],
  );
  expect(logged.sort()).toEqual([...tried].sort());
});

it('ssh -L is let in and heard, and nothing is reached through it', async () => {
  const reached = { connections: 0 };
  const target = createServer((socket) => {
    reached.connections++;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => target.once('listening', resolve));
  const address = target.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const local = port === 65_535 ? 65_534 : port + 1;
  const forward = ['-o', 'ExitOnForwardFailure=yes', '-N', '-L', `${local}:127.0.0.1:${port}`];
  const client = spawn('ssh', [...sshOptions, ...forward, '-p', String(test.port), 'root@127.0.0.1'], {
    env: clientEnvironment(),
    detached: true,
  });
  try {
    const through = () =>
      run('curl', ['-s', '-m', '5', '-o', '/dev/null', '-w', '%{http_code}', `http://127.0.0.1:${local}/x`]);
    await expect.poll(async () => (await through()).stdout, { timeout: 15_000 }).toBe('502');
    expect(test.events()).toContainEqual(
      expect.objectContaining({ eventid: 'cowrie.direct-tcpip.request', dst_ip: '127.0.0.1', dst_port: port }),
    );
    expect(reached.connections).toBe(0);
  } finally {
    client.kill();
    target.close();
  }
});
