import { afterAll, beforeAll, expect, it } from 'vitest';
import { ssh, sshOptions } from './support/clients.ts';
import { readPersona, startTestDecoy, type TestDecoy } from './support/decoy.ts';
import { talk } from './support/talk.ts';

let test: TestDecoy;
let router: TestDecoy;
beforeAll(async () => {
  [test, router] = await Promise.all([
    startTestDecoy({ telnetPort: 0 }),
    startTestDecoy({ telnetPort: 0, template: readPersona('router') }),
  ]);
});
afterAll(() => Promise.all([test?.close(), router?.close()]));

const login = [
  [/login: $/, 'root'],
  [/Password: $/, 'xc3511'],
] as const;
const telnet = ({ decoy }: TestDecoy) => ['telnet', ['127.0.0.1', String(decoy.ports.telnet)]] as const;

it('on Debian `sh` is dash: its prompt, its faults with their line, and its end that leads back', async () => {
  const shown = await talk(...telnet(test), [
    ...login,
    [/:~# $/, 'enable | head -1; system; sh'],
    [/\n# $/, 'nosuch'],
    [/\n# $/, '/bin/busybox ECCHI; exit'],
    [/:~# $/, 'exit'],
  ]);
  expect(shown).toContain('-bash: system: command not found\r\n# nosuch\r\nsh: 1: nosuch: not found\r\n# ');
  expect(shown).toContain('ECCHI: applet not found\r\n');
  expect(shown).toMatch(/logout\r\n[^#]*$/);
});

it('on a router every shell is ash of busybox, with its banner and the same prompt', async () => {
  const shown = await talk(...telnet(router), [
    ...login,
    [/:~# $/, 'enable'],
    [/:~# $/, 'sh'],
    [/built-in shell[\s\S]*:~# $/, 'system'],
    [/:~# $/, '/bin/busybox sh'],
    [/built-in shell[\s\S]*:~# $/, 'exit'],
    [/:~# $/, 'exit'],
    [/:~# $/, 'exit'],
  ]);
  expect(shown).toContain('-ash: enable: not found\r\n');
  expect(shown).toContain('\r\nsh: system: not found\r\n');
});

it("busybox's own telnet gets the same shells", async () => {
  const shown = await talk(
    'busybox',
    ['telnet', '127.0.0.1', String(test.decoy.ports.telnet)],
    [...login, [/:~# $/, '/bin/busybox sh'], [/~ # $/, 'cd /tmp; nosuch'], [/\/tmp # $/, 'exit'], [/:~# $/, 'exit']],
  );
  expect(shown).toContain("Enter 'help' for a list of built-in commands.");
  expect(shown).toContain('sh: nosuch: not found');
});

it('over SSH a shell, su and sudo -i below each other end one by one, and the line that opened one goes on', async () => {
  const args = [...sshOptions, '-tt', '-p', String(test.port), 'root@127.0.0.1'];
  const shown = await talk('ssh', args, [
    [/:~# $/, 'X=outer; bash; echo back in $SHLVL with $X'],
    [/:~# $/, 'X=inner; su - nobody; su -s /bin/bash nobody -c id; su www-data'],
    [/:~# $/, 'echo $SHLVL; exit'],
    [/back in 1 with outer\r\n[\s\S]*:~# $/, 'exit'],
  ]);
  expect(shown).toContain('This account is currently not available.');
  expect(shown).toMatch(/echo \$SHLVL; exit\r\n2\r\nexit\r\nback in 1 with outer/);
});

it('a command at a terminal is talked to like a shell, and its end is the end', async () => {
  const args = [...sshOptions, '-tt', '-p', String(test.port), 'root@127.0.0.1', 'sh'];
  expect(
    await talk('ssh', args, [
      [/^# $/, 'echo a$((1+1))'],
      [/a2\r\n# $/, 'exit'],
    ]),
  ).toMatch(/^# echo.*\r\na2\r\n# exit\r\n/);
});

it('without a terminal a shell answers each line when it comes, without prompt and echo', async () => {
  const child = ['-T', '-p', String(test.port), 'root@127.0.0.1'];
  const shown = await talk(
    'ssh',
    [...sshOptions, ...child],
    [
      ['now', 'echo one; cd /tmp'],
      [/^one\n$/, 'pwd'],
      [/^\/tmp\n$/, 'for i in 1 2\ndo echo $i\ndone'],
      [/^1\n2\n$/, 'sh -c nosuch 2>&1; exit 5'],
    ],
  );
  expect(shown).toBe('one\n/tmp\n1\n2\nsh: 1: nosuch: not found\n');
  const piped = await ssh(test.port, 'sh', { stdin: 'echo $((2*3))\ncat > /tmp/rest\nall\nof it\n' });
  expect([piped.stdout, piped.status]).toEqual(['6\n', 0]);
  expect((await ssh(test.port, 'cat /tmp/rest')).stdout).toBe('all\nof it\n');
});

it('each shell has the lines that were typed in it alone, and a list goes on once the shell within it has ended', async () => {
  const args = [...sshOptions, '-tt', '-p', String(test.port), 'root@127.0.0.1'];
  const shown = await talk('ssh', args, [
    [/:~# $/, 'echo outer'],
    [/:~# $/, 'cd /tmp && sh && echo "after" $PWD || echo not'],
    [/\n# $/, 'echo inner; history; true'],
    [/\n# $/, 'exit'],
    [/after \/tmp\r\n[\s\S]*:\/tmp# $/, 'history 3 | cut -c 1-25'],
    [/:\/tmp# $/, 'exit'],
  ]);
  expect(shown).toContain('inner\r\nsh: 1: history: not found\r\n');
  expect(shown).toMatch(/ \d+ {2}echo outer\r\n +\d+ {2}cd \/tmp && sh[^\r]*\r\n +\d+ {2}history 3 \|/);
});

it('a redirection into a folder that is not there ends its command only', async () => {
  const said = await ssh(test.port, 'echo x > /nope/y || echo no $?; echo a && echo b >> "/nope/z" && echo never');
  expect(said).toEqual({
    stdout: 'no 1\na\n',
    stderr: 'bash: line 1: /nope/y: No such file or directory\nbash: line 1: /nope/z: No such file or directory\n',
    status: 1,
  });
});

it('a copy of a program does what the program does, and busybox what it is called', async () => {
  const lines = [
    'cd /tmp; cp /bin/echo .s; ./.s hi; cp /usr/bin/id i && ./i -u',
    'cp /bin/busybox ls; ./ls -d /tmp; cp /bin/busybox x; ./x ls',
  ];
  const { stdout, stderr, status } = await ssh(test.port, lines.join('; '));
  expect([stdout, stderr, status]).toEqual(['hi\n0\n/tmp\n', 'x: applet not found\n', 127]);
});
