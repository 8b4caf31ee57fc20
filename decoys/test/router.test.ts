import { afterAll, beforeAll, expect, it } from 'vitest';
import { ssh } from './support/clients.ts';
import { readPersona, startTestDecoy, type TestDecoy } from './support/decoy.ts';

let test: TestDecoy;
beforeAll(async () => {
  test = await startTestDecoy({ template: readPersona('router') });
});
afterAll(() => test?.close());

const said = async (command: string) => (await ssh(test.port, command)).stdout;

it('a router is busybox on MIPS wherever one looks', async () => {
  expect(await said('uname -a')).toMatch(/^Linux \S+ 5\.15\.\d+ #0 .* mips GNU\/Linux\n$/);
  expect(await said('cat /proc/cpuinfo')).toContain('MIPS');
  expect(await said('head -c 20 /bin/busybox | hexdump -C | head -1')).toContain('7f 45 4c 46 01 02 01');
  expect(await said('busybox | head -1')).toBe('BusyBox v1.36.1 (2023-11-14 13:38:11 UTC) multi-call binary.\n');
  expect(await said('ls -l /bin/ls; ls -ld /var; cat /etc/passwd | head -1')).toMatch(
    /\/bin\/ls -> busybox\n.*\/var -> tmp\nroot:x:0:0:root:\/root:\/bin\/ash\n$/s,
  );
});

it('what a router has not is not found there, in the words of its shell', async () => {
  const { stderr, status } = await ssh(test.port, 'apt-get update');
  expect([stderr, status]).toEqual(['ash: apt-get: not found\n', 127]);
  for (const name of ['python3', 'systemctl', 'bash', 'gcc', 'curl', 'sudo', 'lscpu'])
    expect((await ssh(test.port, name)).status).toBe(127);
});

it('what bots do on routers works: a writable place, a dropper by echo, an applet that is not there', async () => {
  const script =
    'cd /tmp || cd /var/run; rm -f .d; echo -ne "\\x7f\\x45\\x4c\\x46" > .d; echo -ne "\\x01" >> .d; wc -c < .d; chmod 777 .d; /bin/busybox MIRAI; ls -l .d';
  const { stdout, stderr } = await ssh(test.port, script);
  expect(stdout).toMatch(/^5\n-rwxrwxrwx .* 5 .* \.d\n$/);
  expect(stderr).toContain('MIRAI: applet not found');
});
