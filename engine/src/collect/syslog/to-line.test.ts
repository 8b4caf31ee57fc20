import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameSyslog, messageBytesMax } from './frame-syslog.ts';
import { readPythonLiteral } from './python-literal.ts';
import { toLine } from './to-line.ts';

const now = new Date('2026-11-22T12:00:00Z');
const own = { eventid: 'cowrie.command.input', timestamp: '2026-11-22T10:00:00.000000Z', input: 'ls', session: 'abc' };

describe('a message of syslog', () => {
  it.each([
    ['RFC 5424 with JSON', `<134>1 2026-11-22T10:00:00Z gate cowrie 1 - [a@1 b="\\"]"] \ufeff${JSON.stringify(own)}`],
    ['RFC 3164 with JSON', `<134>Nov 22 10:00:00 gate cowrie[12]: @cee: ${JSON.stringify(own)}`],
    ['Python text, as output_remotesyslog sends it', `<12>${python(own)}`],
  ])('in %s is the event that a Cowrie sent, as it is', (_form, message) => {
    expect(read(message)).toEqual(own);
  });

  it('in CEF is the event, as far as Cowrie tells it there', () => {
    const cef =
      'CEF:0|Cowrie|Cowrie|1.0|cowrie.login.failed|cowrie.login.failed|5|app=SSHv2 deviceExternalId=s-1 msg=login a\\=b src=192.0.2.9 duser=ro ot';
    expect(read(`<12>Nov 22 10:00:01 gate cowrie: ${cef}`)).toMatchObject({
      ...{
        eventid: 'cowrie.login.failed',
        sensor: 's-1',
        src_ip: '192.0.2.9',
        username: 'ro ot',
        message: 'login a=b',
      },
      ...{ timestamp: '2026-11-22T10:00:01.000Z', syslog: { severity: 4, facility: 1, program: 'cowrie' } },
    });
  });

  it.each([
    ['<34>1 2026-11-22T10:00:00.5Z gate su - ID47 - failed', '2026-11-22T10:00:00.500Z', 'syslog gate', 'failed'],
    ['<34>Dec 31 23:59:59 gate su: failed', '2025-12-31T23:59:59.000Z', 'syslog gate', 'failed'],
    ['<34>1 nonsense gate su - - - failed', now.toISOString(), 'syslog gate', 'failed'],
    ['no header at all', now.toISOString(), 'syslog 192.0.2.7', 'no header at all'],
  ])('that is something else is kept whole: %s', (message, timestamp, sensor, body) => {
    expect(read(message)).toMatchObject({ eventid: 'syslog.message', timestamp, sensor, message: body });
  });

  it('of any bytes gives a line, and covers them', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uint8Array()), (message) => {
        const line = toLine(Buffer.from(message), 7, '192.0.2.7', now);
        expect(line.coveredBytes).toBe(7);
        JSON.parse(line.text);
      }),
    );
  });
});

describe("Python's text of a value", () => {
  it('is read as Python wrote it', () => {
    const value = {
      a: `it's "x" \\ \n\t\r\u0000\u001b\u00e9\u2028☺😀`,
      b: [1, -2.5, 1e300, true, false, null],
      c: { d: [] },
    };
    expect(readPythonLiteral(python(value))).toEqual(value);
  });

  it.each([
    '',
    '{',
    "{'a'}",
    "{'a': }",
    "'a",
    '{1: import}',
    "'\\x4'",
    "'\\U00110000'",
    `${'['.repeat(50)}${']'.repeat(50)}`,
  ])('that is none is not taken for one: %s', (text) => expect(readPythonLiteral(text)).toBeUndefined());

  it('cannot reach what every object has', () => {
    expect(readPythonLiteral("{'__proto__': {'x': 1}}")).not.toHaveProperty('x');
  });
});

describe('messages on a stream', () => {
  it('are the same however the bytes are cut, and cover all of them', () => {
    const messages = ['first', 'with 3 words', 'last'];
    const stream = Buffer.from('5 first<1>a\n<2>b\0\n\n12 with 3 words<3>c\r\n4 last');
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 8 }), (cuts) => {
        const framing = frame();
        const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
        const lines = places.slice(1).flatMap((end, at) => framing.push(stream.subarray(places[at], end)));
        const all = [...lines, ...framing.end()];
        expect(all.map(({ text }) => text)).toEqual(['first', '<1>a', '<2>b', messages[1], '<3>c', 'last']);
        expect(all.reduce((sum, { coveredBytes }) => sum + coveredBytes, 0)).toBe(stream.length);
      }),
    );
  });

  it('that are too long are parked with their beginning, and the next one after a newline is read', () => {
    for (const long of [
      `<1>${'x'.repeat(messageBytesMax)}y\n`,
      `${messageBytesMax + 1} ${'x'.repeat(messageBytesMax)}y\n`,
    ]) {
      const framing = frame();
      const bytes = Buffer.from(`${long}<2>b\n`);
      const lines = [...framing.push(bytes.subarray(0, -20)), ...framing.push(bytes.subarray(-20))];
      const told = lines.map(({ text, unreadable }) => unreadable?.reason ?? text.slice(0, 9));
      expect(told).toEqual(['line_too_long', '<2>b']);
      expect(lines.reduce((sum, { coveredBytes }) => sum + coveredBytes, 0)).toBe(bytes.length);
    }
  });
});

function read(message: string): unknown {
  return JSON.parse(toLine(Buffer.from(message), 1, '192.0.2.7', now).text);
}

function frame() {
  return frameSyslog((bytes, coveredBytes) => ({ text: bytes.toString(), coveredBytes }));
}

/** As a real Python writes it. */
function python(value: unknown): string {
  const program =
    'import json, sys; sys.stdout.reconfigure(encoding="utf-8"); sys.stdout.write(repr(json.load(sys.stdin)))';
  return execFileSync('python3', ['-c', program], { input: JSON.stringify(value), encoding: 'utf8' });
}
