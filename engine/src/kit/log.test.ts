import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from './log.ts';
import { Secret } from './secret.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'cerberus-log-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('what an attacker wrote', () => {
  it('cannot send a control character to the terminal or forge a second line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (message, command) => {
        const { log, shown } = logTo({ isTerminal: true, dataDir: null });
        log.info({ command, [command]: { inner: command } }, message);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours are the one thing allowed.
        const text = shown().replace(/\u001b\[\d+m/g, '');
        expect(text).toMatch(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]*\n$/u);
      }),
    );
  });

  it('is shown and not swallowed: an escape sequence in a message and in a field', () => {
    const { log, shown } = logTo({ isTerminal: true, dataDir: null });
    log.warn({ command: '\u001b[2J\u009b31m' }, 'typed \u001b]0;owned\u0007\r\nforged');
    expect(shown()).toContain('typed \\u001b]0;owned\\u0007\\u000d\\u000aforged');
    expect(shown()).toContain('\\u001b[2J\\u009b31m');
  });

  it('stays one line of valid JSON that says the same text, in the file too', () => {
    const { log, shown, close } = logTo({ isTerminal: false, dataDir });
    log.info({ command: 'a\u009b\u202eb\n\u0000' }, 'm\u2028n');
    close();
    expect(shown()).not.toMatch(/[\u009b\u202e\u2028]/);
    expect(JSON.parse(shown())).toMatchObject({ level: 'info', command: 'a\u009b\u202eb\n\u0000', msg: 'm\u2028n' });
    expect(readFileSync(join(dataDir, 'logs', 'cerberus.log'), 'utf8')).toBe(shown());
  });

  it('is cut when it is a megabyte, wherever it stands', () => {
    const { log, shown } = logTo({ isTerminal: false, dataDir: null });
    const megabyte = 'x'.repeat(1_000_000);
    log.error(Object.assign(new Error(megabyte), { code: megabyte }), megabyte);
    log.info({ a: [{ b: megabyte }], list: Array.from({ length: 10_000 }, () => 'y') });
    expect(shown().length).toBeLessThan(40_000);
  });
});

describe('secrets', () => {
  it.each([
    'password',
    'Password',
    'authorization',
    'x-api-key',
    'apiKey',
    'api_key',
    'secretAccessKey',
    'sessionToken',
    'passphrase',
    'set-cookie',
  ])('under the key %s are not printed: at the top, deep inside, or carried by a child logger', (key) => {
    const { log, shown } = logTo({ isTerminal: false, dataDir: null });
    log.info({ [key]: 'hunter2', deep: [{ deeper: { [key]: { value: 'hunter2' } } }] }, 'x');
    log.child({ [key]: 'hunter2' }).info('y');
    expect(shown()).not.toContain('hunter2');
    expect(shown()).toContain('[secret]');
  });

  it('inside an address are not printed, also not by an error that quotes it', () => {
    const { log, shown } = logTo({ isTerminal: true, dataDir: null });
    log.error(new Error('cannot reach postgresql://honeynet:hunter2@db:5432/honeynet'));
    log.info('using postgresql://honeynet:hunter2@db/honeynet');
    expect(shown()).not.toContain('hunter2');
    expect(shown()).toContain('postgresql://honeynet:[secret]@db:5432/honeynet');
  });

  it('that are Secret values are not printed under any key', () => {
    const { log, shown } = logTo({ isTerminal: false, dataDir: null });
    log.info({ url: new Secret('hunter2'), list: [new Secret('hunter2')] });
    expect(JSON.parse(shown())).toMatchObject({ url: '[secret]', list: ['[secret]'] });
  });
});

it('an error is logged with its code, its stack and its cause', () => {
  const { log, shown } = logTo({ isTerminal: false, dataDir: null });
  log.error({ err: Object.assign(new Error('outer', { cause: new Error('inner') }), { code: 'E1' }) }, 'failed');
  expect(JSON.parse(shown())).toMatchObject({
    msg: 'failed',
    err: { message: 'outer', code: 'E1', cause: { message: 'inner' }, stack: expect.stringContaining('log.test.ts') },
  });
});

it('lines below the level are not written', () => {
  const { log, shown } = logTo({ level: 'warn', dataDir: null });
  log.info('quiet');
  log.warn('loud');
  expect(shown()).not.toContain('quiet');
  expect(shown()).toContain('loud');
});

it('the file is private, rotated by size, and only so many old ones are kept', () => {
  const { log, close } = logTo({ dataDir, fileBytesMax: 1000, filesKeptMax: 2 });
  for (let number = 0; number < 100; number++) log.info({ number }, 'line');
  close();
  const files = readdirSync(join(dataDir, 'logs')).sort();
  expect(files).toEqual(['cerberus.log', 'cerberus.log.1', 'cerberus.log.2']);
  for (const file of files) expect(statSync(join(dataDir, 'logs', file)).size).toBeLessThanOrEqual(1000);
  expect(statSync(join(dataDir, 'logs', 'cerberus.log')).mode & 0o777).toBe(0o600);
  expect(numbersIn(join(dataDir, 'logs', 'cerberus.log')).at(-1)).toBe(99);
  expect(numbersIn(join(dataDir, 'logs', 'cerberus.log')).at(0)).toBe(
    (numbersIn(join(dataDir, 'logs', 'cerberus.log.1')).at(-1) ?? 0) + 1,
  );
});

it('two logs on one file lose no line when one of them rotates it', () => {
  const options = { dataDir, fileBytesMax: 1500, filesKeptMax: 50 };
  const [first, second] = [logTo(options), logTo(options)];
  for (let number = 0; number < 40; number++) (number % 2 ? first : second).log.info({ number }, 'line');
  first.close();
  second.close();
  const all = readdirSync(join(dataDir, 'logs')).flatMap((file) => numbersIn(join(dataDir, 'logs', file)));
  expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, number) => number));
});

it('a file that cannot be made is told once, and logging goes on without it', () => {
  const { log, shown } = logTo({ dataDir: null, file: '/dev/null/no/cerberus.log' });
  log.info('still here');
  log.info('and here');
  expect(shown().match(/There is no log file/g)).toHaveLength(1);
  expect(shown()).toContain('and here');
});

function logTo(options: Partial<LogOptions>): ReturnType<typeof createLog> & { shown(): string } {
  const chunks: string[] = [];
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return {
    ...createLog({ level: 'info', isTerminal: false, dataDir, stdout, ...options }),
    shown: () => chunks.join(''),
  };
}

function numbersIn(path: string): number[] {
  return [...readFileSync(path, 'utf8').matchAll(/"number":(\d+)/g)].map(([, number]) => Number(number));
}
