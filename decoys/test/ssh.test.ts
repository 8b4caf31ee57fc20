import { afterAll, beforeAll, expect, it } from 'vitest';
import { ssh } from './support/clients.ts';
import { startTestDecoy, type TestDecoy } from './support/decoy.ts';

let test: TestDecoy;
beforeAll(async () => {
  test = await startTestDecoy();
});
afterAll(() => test?.close());

it('OpenSSH logs in, gets output, errors and exit status of a command, each where it belongs', async () => {
  const done = await ssh(test.port, 'echo out; ls /nope; exit 7');
  expect(done).toEqual({
    stdout: 'out\n',
    stderr: "ls: cannot access '/nope': No such file or directory\n",
    status: 7,
  });
});

it('a visit is logged with the ids and fields that Cowrie uses', async () => {
  await ssh(test.port, 'id', { password: 'geheim \\ ü' });
  const last = test.events().findLast(({ eventid }) => eventid === 'cowrie.login.success');
  const ids = () => test.events().flatMap(({ session, eventid }) => (session === last?.['session'] ? [eventid] : []));
  await expect.poll(() => ids().at(-1)).toBe('cowrie.session.closed');
  expect(ids()).toEqual([
    'cowrie.session.connect',
    'cowrie.client.version',
    'cowrie.client.kex',
    'cowrie.login.success',
    'cowrie.session.params',
    'cowrie.command.input',
    'cowrie.session.closed',
  ]);
  expect(last).toMatchObject({
    username: 'root',
    password: 'geheim \\\\ \\xc3\\xbc',
    protocol: 'ssh',
    src_ip: '127.0.0.1',
  });
});

it('help is that of bash, in two columns', async () => {
  const { stdout } = await ssh(test.port, 'help');
  expect(stdout).toMatch(/^GNU bash, version 5\.\d\.\d+.*\nThese shell commands/);
  expect(stdout).toContain('\n cd [-L|[-P [-e]] [-@]] [dir]');
});

it('a password that the persona refuses is logged and does not open', async () => {
  const done = await ssh(test.port, 'id', { password: '123456' });
  expect(done.status).toBe(255);
  expect(test.events()).toContainEqual(expect.objectContaining({ eventid: 'cowrie.login.failed', password: '123456' }));
});

it('ls and stat count the links of a folder by the folders in it, as a disk does', async () => {
  const { stdout } = await ssh(
    test.port,
    'mkdir -p /opt/l/one /opt/l/two; touch /opt/l/file; ls -ld /opt/l /opt/l/one /opt/l/file; stat -c %h /opt/l /opt/l/one /opt/l/file',
  );
  // ls sorts its operands, stat does not.
  expect(stdout.match(/^\S+ +\d+/gm)?.map((line) => Number(line.split(/ +/)[1]))).toEqual([4, 1, 2]);
  expect(stdout).toMatch(/\n4\n2\n1\n$/);
});

it('what an attacker leaves is there in his next session, and ls, find and cat agree on it', async () => {
  await ssh(test.port, 'mkdir -p /tmp/.x && echo payload > /tmp/.x/a && chmod 755 /tmp/.x/a');
  const done = await ssh(
    test.port,
    'ls -l /tmp/.x/a | cut -c1-10; find /tmp -name a; cat /tmp/.x/a; wc -c < /tmp/.x/a',
  );
  expect(done.stdout).toBe('-rwxr-xr-x\n/tmp/.x/a\npayload\n8\n');
});

it('what comes by standard input reaches the command, also bytes that are no text', async () => {
  const done = await ssh(test.port, 'cat > /tmp/bin; wc -c < /tmp/bin; md5sum /tmp/bin', { stdin: 'a\u0000\u00ff' });
  expect(done.stdout).toMatch(/^4\n[0-9a-f]{32} {2}\/tmp\/bin\n$/);
});
