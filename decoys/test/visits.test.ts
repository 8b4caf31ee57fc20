import { afterAll, beforeAll, expect, it } from 'vitest';
import { sshOptions } from './support/clients.ts';
import { startTestDecoy, type TestDecoy } from './support/decoy.ts';
import { type Answer, talk } from './support/talk.ts';

let test: TestDecoy;
beforeAll(async () => {
  test = await startTestDecoy();
});
afterAll(() => test?.close());

const prompt = /:~# $/;

/** A visit at a terminal; its lines are typed one by one. */
function visit(...lines: readonly string[]): Promise<string> {
  const script: readonly Answer[] = lines.map((line) => [prompt, line]);
  return talk('ssh', [...sshOptions, '-tt', '-p', String(test.port), 'root@127.0.0.1'], script);
}

it('what was typed is in the file and the list of the next visit, and not before the end of its own', async () => {
  const first = await visit(
    'echo typed first',
    'echo typed first',
    ' echo behind a blank',
    'wc -l < ~/.bash_history',
    'exit',
  );
  expect(first).toContain('No such file or directory');
  const second = await visit('cat ~/.bash_history; stat -c %a ~/.bash_history', 'history 3', '!echo', 'exit');
  expect(second).toMatch(/\r\necho typed first\r\nwc -l < ~\/\.bash_history\r\nexit\r\n600\r\n/);
  expect(second).toMatch(/ {4}3 {2}exit\r\n {4}4 {2}cat ~\/\.bash_history.*\r\n {4}5 {2}history 3\r\n/);
  expect(second).toContain('\r\necho typed first\r\ntyped first\r\n');
});

it('a shell below the first has the list of its own user, and keeps it', async () => {
  await visit('bash', 'echo from below', 'exit', 'exit');
  expect(await visit('tail -4 ~/.bash_history; exit')).toMatch(/\r\necho from below\r\nexit\r\nbash\r\nexit\r\n/);
});

it.each([
  ['HISTFILE is gone', ['unset HISTFILE', 'echo unseen1']],
  ['HISTFILE leads nowhere', ['export HISTFILE=/dev/null', 'echo unseen2']],
  ['HISTSIZE is 0', ['HISTSIZE=0', 'echo unseen3']],
  ['the list is put off', ['set +o history', 'echo unseen4']],
  ['the list is emptied', ['echo unseen5', 'history -c']],
  ['the shell is killed', ['echo unseen6', 'kill -9 $$']],
])('nothing of it stays where %s', async (_, lines) => {
  await visit(...lines, 'exit');
  expect(await visit('cat ~/.bash_history; exit')).not.toContain(lines.find((line) => /unseen/.test(line)));
});

it('history writes, reads, empties and forgets as it is told', async () => {
  const shown = await visit(
    'history -c; history -w',
    'echo one; wc -l < ~/.bash_history',
    'echo two; history -d -1; history -a',
    'cat ~/.bash_history; echo read; history -d 77; history -x; history ten; exit',
  );
  expect(shown).toMatch(/\r\none\r\n0\r\n/);
  expect(shown).toMatch(/\r\necho one; wc -l < ~\/\.bash_history\r\nread\r\n/);
  expect(shown).toContain('history: 77: history position out of range');
  expect(shown).toContain('history: -x: invalid option');
  expect(shown).toContain('history: ten: numeric argument required');
});

it('the greeting, last and lastlog tell the visit before, and nothing once their files are emptied', async () => {
  await visit('exit');
  const second = await visit('last -2', 'lastlog -u root', 'exit');
  expect(second).toMatch(/Last login: \w{3} \w{3} .* from 127\.0\.0\.1\r\n/);
  expect(second).toMatch(
    /root {5}pts\/\d+ +127\.0\.0\.1 .*still logged in\r\nroot {5}pts\/\d+ +127\.0\.0\.1 .* - \d\d:\d\d {2}\(00:0\d\)\r\n/,
  );
  expect(second).toMatch(/root {13}pts\/\d+ +127\.0\.0\.1 +\w{3} \w{3} [ \d]\d [\d:]{8} \+0000 \d{4}\r\n/);
  await visit('> /var/log/wtmp; > /var/log/lastlog; last', 'exit');
  const after = await visit('last | head -1; exit');
  expect(after).not.toContain('Last login');
  expect(after).toMatch(/still logged in/);
});

it('who was never there as this user is told of the visits of those who run the machine', async () => {
  const other = await startTestDecoy();
  try {
    const shown = await talk(
      'ssh',
      [...sshOptions, '-tt', '-p', String(other.port), 'root@127.0.0.1'],
      [[prompt, 'last | tail -5; ps aux | wc -l; exit']],
    );
    const [, from] = /Last login: \w+ \w+ .* from (\S+)\r\n/.exec(shown) ?? [];
    expect(shown).toContain(`root     pts/0        ${from}`);
    const [, processes] = /Processes: +(\d+)/.exec(shown) ?? [];
    const [, counted] = /\r\n(\d+)\r\n/.exec(shown) ?? [];
    // The head of `ps`, and `wc`, which is not in the table.
    expect(Math.abs(Number(processes) - Number(counted))).toBeLessThanOrEqual(2);
  } finally {
    await other.close();
  }
});
