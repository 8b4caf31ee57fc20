import { afterAll, beforeAll, expect, it } from 'vitest';
import { ssh } from './support/clients.ts';
import { startTestDecoy, type TestDecoy } from './support/decoy.ts';

let test: TestDecoy;
beforeAll(async () => {
  test = await startTestDecoy({}, { workersMax: 2 });
});
afterAll(() => test?.close());
const said = async (line: string) => (await ssh(test.port, line)).stdout;

it('a search for programs that are root for everybody finds them, also within one file system', async () => {
  expect(await said('find / -xdev -perm -4000 -type f 2>/dev/null')).toContain('/usr/bin/sudo\n');
});

it('a file takes the times of another, and ls tells them in the form that is asked for', async () => {
  const line =
    'touch -d 2019-03-04 /tmp/a; touch -r /tmp/a /tmp/b; [ /tmp/b -nt /tmp/a ] || ls -l --time-style=+%Y-%m-%d /tmp/b';
  expect(await said(line)).toMatch(/ 2019-03-04 \/tmp\/b\n$/);
});

it('a script that is only to be checked is not run', async () => {
  expect(await said("echo 'echo ran' > /tmp/n.sh; bash -n /tmp/n.sh; echo $?")).toBe('0\n');
  expect(await said("echo 'if true; then' > /tmp/n.sh; bash -n /tmp/n.sh; echo $?")).toBe('2\n');
});

it('an account with a hash that the visitor made opens by its password, and not once it is locked', async () => {
  await ssh(test.port, 'useradd -m -s /bin/bash -p "$(openssl passwd -6 s3cret)" eve');
  const eve = { user: 'eve', password: 's3cret' };
  expect((await ssh(test.port, 'id -un; pwd', eve)).stdout).toBe('eve\n/home/eve\n');
  expect((await ssh(test.port, 'id', { ...eve, password: 'other' })).status).toBe(255);
  expect(await said('passwd -l eve; passwd -S eve | cut -d" " -f1,2')).toBe('passwd: password changed.\neve L\n');
  expect((await ssh(test.port, 'id', eve)).status).toBe(255);
});

it('adduser and deluser take their words, and put accounts into groups and out of them', async () => {
  const line =
    "adduser --disabled-password --gecos '' deploy >/dev/null; adduser deploy sudo >/dev/null; id -nG deploy; deluser deploy sudo >/dev/null; id -nG deploy";
  expect(await said(line)).toBe('deploy sudo\ndeploy\n');
});

it('a service that the visitor leaves is enabled, runs and is taken back', async () => {
  const unit = '[Unit]\\nDescription=net\\n[Service]\\nExecStart=/tmp/x\\n[Install]\\nWantedBy=multi-user.target\\n';
  const line = `printf '${unit}' > /etc/systemd/system/netd.service; systemctl enable --now netd 2>/dev/null; systemctl is-enabled netd; systemctl is-active netd; systemctl stop netd; systemctl is-active netd; systemctl disable netd 2>/dev/null; systemctl is-enabled netd`;
  expect(await said(line)).toBe('enabled\nactive\ninactive\ndisabled\n');
});

it('what is packed comes back, and a path in an archive leads nowhere else', async () => {
  const line =
    'cd /tmp && mkdir -p d && seq 99 > d/s && zip -qr a d && rm -r d && unzip -q a.zip -d o && md5sum < o/d/s; seq 99 | md5sum';
  const [first, second] = (await said(line)).split('\n');
  expect(first).toBe(second);
  const evil =
    'cd /tmp; mkdir -p e/f; echo up > up; cd e/f; zip -q ../../t.zip ../../up; cd /tmp; rm up; mkdir in; cd in; unzip -qo ../t.zip; ls; ls /tmp/up 2>&1';
  expect(await said(evil)).toMatch(/^up\nls: cannot access/);
});

it('file tells what a file is by its bytes', async () => {
  const line =
    "cd /tmp; printf '#!/bin/sh\\nid\\n' > s; echo hi | gzip > g; : > e0; printf '\\177ELF\\1\\2\\1\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\2\\0\\10' > m; file -b s g e0 m /tmp";
  expect(await said(line)).toMatch(
    /^POSIX shell script, ASCII text executable\ngzip compressed data, from Unix, original size modulo 2\^32 3\nempty\nELF 32-bit MSB executable, MIPS[^\n]*\nsticky, directory\n$/,
  );
});

it('the authorities that a system trusts are there, and a link of each leads to its file', async () => {
  expect(
    await said(
      'ls /etc/ssl/certs | wc -l; head -1 /etc/ssl/certs/002c0b4f.0; for f in /etc/ssl/certs/*; do [ -s $f ] || echo $f; done',
    ),
  ).toBe('283\n-----BEGIN CERTIFICATE-----\n');
});

it('a program that is given nothing of the surroundings knows none of it', async () => {
  expect(await said("env -i A=b bash -c 'echo [$HOME$USER]$A'")).toBe('[]b\n');
  expect(await said('cd /tmp; cd /; env -i bash -c env')).toBe('PWD=/\nSHLVL=0\n_=/usr/bin/env\n');
  expect(await said('env -i /usr/bin/env; echo none')).toBe('none\n');
  expect(await said("env -u HOME bash -c 'echo [$HOME]$USER'")).toBe('[]root\n');
});

it('what the kernel is told by sysctl is in its files, and a key that is not there is a fault', async () => {
  expect(await said('sysctl -w vm.nr_hugepages=128; cat /proc/sys/vm/nr_hugepages; sysctl -n vm.nosuch; echo $?')).toBe(
    'vm.nr_hugepages = 128\n128\n1\n',
  );
});

it('text tools take the words that scripts give them', async () => {
  expect(
    await said("grep -rIl PermitRootLogin /etc/ssh/; awk '{print x}' x=1 /etc/hostname; kill -l 9; kill -l TERM"),
  ).toBe('/etc/ssh/sshd_config\n1\nKILL\n15\n');
});

it('what the persona runs has unit files, which tell the same as systemctl', async () => {
  const [told, kept] = (
    await said('systemctl cat nginx | tail -n +2 | md5sum; md5sum < /lib/systemd/system/nginx.service')
  ).split('\n');
  expect(told).toBe(kept);
  expect(await said('grep ^ExecStart /lib/systemd/system/nginx.service')).toBe(
    "ExecStart=/usr/sbin/nginx -g 'daemon on; master_process on;'\n",
  );
  expect(await said('readlink /etc/systemd/system/multi-user.target.wants/cron.service')).toBe(
    '/lib/systemd/system/cron.service\n',
  );
  expect(await said('systemctl is-enabled ssh dbus')).toBe('enabled\nstatic\n');
  const line =
    'systemctl disable cron 2>/dev/null; systemctl is-enabled cron; systemctl status cron | grep -o "; disabled;"; systemctl enable cron 2>/dev/null; systemctl is-enabled cron';
  expect(await said(line)).toBe('disabled\n; disabled;\nenabled\n');
});

it('a sum that is cut is a fault also within eval and a shell below, and the shell goes on', async () => {
  const fault = 'bash: line 1: 1+$: syntax error: operand expected (error token is "$")\n';
  // Apart: each holds its thread for as long as the parser is given, and a thread that is held too long is ended.
  expect(await ssh(test.port, "eval 'echo $((1+$))'; echo $?")).toMatchObject({ stdout: '1\n', stderr: fault });
  expect(await ssh(test.port, "bash -c 'echo $((1+$))'; echo $?")).toMatchObject({ stdout: '1\n', stderr: fault });
  expect(await said("eval 'echo $((1+1))'")).toBe('2\n');
});
