// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell's.
import { existsSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ssh } from './support/clients.ts';
import { startTestDecoy, type TestDecoy } from './support/decoy.ts';

let test: TestDecoy;
let outside: string;
beforeAll(async () => {
  test = await startTestDecoy({ telnetPort: 0 }, { silentMs: 1500 });
  outside = join(test.folder, '..', `cerberus-escaped-${process.pid}`);
});
afterAll(async () => {
  rmSync(outside, { force: true });
  await test?.close();
});

/** What would be in the answer only if the real machine had been reached. */
const secrets = () => [test.folder, 'node_modules', 'just-bash', process.execPath, hostname(), ...ownPid];
/** A small number is in every `/etc/passwd`. */
const ownPid = process.pid > 9999 ? [String(process.pid)] : [];

it.each([
  ['a path that climbs', () => `cat ../../../../../../..${test.folder}/persona.json; ls ${test.folder}`],
  ['a link out', () => `ln -s ${test.folder} /tmp/out; ls -la /tmp/out/; cat /tmp/out/persona.json`],
  ['a link to a link', () => 'ln -s /tmp/b /tmp/a; ln -s /tmp/a /tmp/b; cat /tmp/a; cat /tmp/a/x; ls /tmp/a'],
  [
    'the process itself',
    () =>
      'cat /proc/self/environ /proc/self/cmdline /proc/self/maps /proc/self/exe; ls -la /proc/self/cwd /proc/self/root /proc/self/fd',
  ],
  ['the parent', () => 'cat /proc/$PPID/environ /proc/$$/maps /proc/1/environ; echo $PPID $$'],
  ['process substitution', () => `cat <(cat ${test.folder}/persona.json); diff <(ls /) <(ls ${test.folder})`],
  ['eval', () => `eval "$(echo Y2F0IC9wcm9jL3NlbGYvZW52aXJvbg== | base64 -d)"; eval 'ls ${test.folder}'`],
  [
    'what the interpreter says of itself',
    () => 'help; help cd; type help; (help); bash -c help; builtin help; help | head -1',
  ],
  ['its environment', () => 'env; set; export -p; printenv; declare -p'],
  [
    'code in other languages',
    () =>
      `python3 -c "import os; print(open('${test.folder}/persona.json').read())"; perl -e 'system("id > ${outside}")'; awk 'BEGIN { system("id > ${outside}"); while (("ls ${test.folder}" | getline x) > 0) print x }'`,
  ],
  [
    'tools with back doors',
    () =>
      `find / -maxdepth 1 -exec ls ${test.folder} \\;; tar cf ${outside} /etc; xargs -I{} cat {} < <(echo ${test.folder}/persona.json); sed -n 'w ${outside}' /etc/passwd; sort -o ${outside} /etc/passwd`,
  ],
  [
    'a network',
    () =>
      'exec 3<>/dev/tcp/127.0.0.1/22; echo hi >&3; cat < /dev/tcp/127.0.0.1/22; curl -s file:///etc/passwd; curl http://127.0.0.1/; wget -qO- http://[::1]/',
  ],
  [
    'objects of JavaScript',
    () =>
      `__proto__=1; constructor=2; declare -A a; a[__proto__]=x; a[constructor]=y; echo \${a[__proto__]} $__proto__ \${a[toString]}; toString; constructor; __proto__; hasOwnProperty`,
  ],
] as const)('%s does not lead out', async (_description, command) => {
  const { stdout, stderr } = await ssh(test.port, command());
  // What he typed himself may come back in an error; nothing else of the real machine may.
  const said = `${stdout}${stderr}`.replaceAll(test.folder, '').replaceAll(outside, '');
  for (const secret of secrets()) expect(said).not.toContain(secret);
  expect(existsSync(outside)).toBe(false);
  expect(Object.prototype).not.toHaveProperty('x');
});

it.each(['echo $((1+$))', '((m$))', 'echo }${a[', 'echo ${a[${b}]:$}', "echo $((m$'", 'x() { echo $[1+$]; }; x'])(
  'a line on which the parser comes to no end is refused as a shell refuses it, and the next is answered: %s',
  async (line) => {
    const { stderr } = await ssh(test.port, line);
    const { stdout } = await ssh(test.port, 'echo still here');
    expect({ stderr, stdout }).toEqual({
      stderr: expect.stringMatching(/syntax error|unexpected EOF/),
      stdout: 'still here\n',
    });
  },
);

it.each([
  ['a fork bomb', ':(){ :|:& };:'],
  ['a loop', 'while true; do :; done'],
  ['a loop of loops', 'while :; do for i in 1 2 3; do echo $i > /dev/null; done; done'],
  ['yes', 'yes > /dev/null; yes | cat | cat > /dev/null'],
  ['doubling strings', 'x=aaaaaaaaaa; while true; do x=$x$x; done'],
  ['huge braces', 'echo {1..100000000}'],
  ['a huge count', 'seq 1 1000000000 | sort | tail -1; printf "%1000000000d" 1'],
  ['an awk that does not end', 'awk \'BEGIN { while (1) x = x "aaaaaaaaaaaaaaaa" }\''],
  ['an evil expression of expr', "expr aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! : '\\(a*\\)*b'"],
  ['an evil expression', 'echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! | grep -E "^(a+)+$"'],
  ['deep nesting', `${'('.repeat(3000)}id${')'.repeat(3000)}`],
  ['substitutions in substitutions', `${'echo $('.repeat(200)}id${')'.repeat(200)}`],
  [
    'a disk full of nothing',
    'dd if=/dev/zero of=/tmp/big bs=1M count=100000; for i in $(seq 1 100000); do echo $i > /tmp/f$i; done',
  ],
  ['a function that calls itself', 'f() { f; f; }; f'],
])('while %s runs, another visitor is answered', { timeout: 60_000 }, async (_description, command) => {
  const attack = ssh(test.port, command).catch(() => undefined);
  await expect.poll(() => test.events().some((event) => event['input'] === command)).toBe(true);
  expect(Math.min(...(await answerTimes(5)))).toBeLessThan(1000);
  // It ends by itself or when the decoy closes; a line that is stuck waits as it would on a real machine.
  void attack;
});

it('whoever floods the login of Telnet with options is not read on', async () => {
  const socket = connect(test.decoy.ports.telnet ?? 0, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  for (let count = 0; count < 4; count++) socket.write(Buffer.alloc(1024 * 1024, Buffer.from([255, 253, 1])));
  await closed;
  expect(socket.destroyed).toBe(true);
});

/** Milliseconds from the line to its end, in a shell of another attacker, past the cost of logging in. */
async function answerTimes(count: number): Promise<number[]> {
  const { pool, worlds } = test.decoy.ground;
  await worlds.enter('203.0.113.77');
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const started = performance.now();
    await pool.run({
      world: '203.0.113.77',
      request: {
        shell: 1_000_000 + index,
        world: '203.0.113.77',
        visitor: {
          user: 'root',
          sourceIp: '203.0.113.77',
          sourcePort: 1,
          localPort: 22,
          terminal: null,
          columns: 80,
          sinceMs: 0,
          pid: 9,
        },
        uid: 0,
        gid: 0,
        line: 'uname -a; cat /etc/hostname',
        state: {
          ...{ cwd: '/root', env: { PATH: '/usr/bin' }, functions: {}, status: 0 },
          ...{ kind: { program: 'bash', calledAs: 'bash', isLogin: true }, lines: 0 },
        },
        stdin: new Uint8Array(),
        history: [],
      },
      output: () => undefined,
      event: () => undefined,
      ask: async () => null,
      fetch: async () => null,
    }).ended;
    times.push(performance.now() - started);
  }
  worlds.leave('203.0.113.77');
  return times;
}
