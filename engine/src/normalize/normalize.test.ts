import type { LineReading } from '@cerberusmesh/contract/between-stages';
import type { RawLine } from '@cerberusmesh/contract/raw-line';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNormalize } from './normalize.ts';
import { plainEventIds, readers } from './readers.ts';

const normalize = createNormalize();

describe('normalize', () => {
  it('gives the same line the same id, and another line another', () => {
    const first = eventOf(normalize(aLine()));
    expect(eventOf(normalize(aLine())).id).toBe(first.id);
    expect(eventOf(normalize(aLine({ session: 'other' }))).id).not.toBe(first.id);
  });

  it('makes ids that sort by time down to the microsecond', () => {
    const times = [
      '2017-11-04T00:00:01.000001Z',
      '2017-11-04T00:00:01.000002Z',
      '2017-11-04T00:00:01.001000Z',
      '2026-01-01T00:00:00.000000Z',
    ];
    const ids = times.map((timestamp) => eventOf(normalize(aLine({ timestamp }))).id);
    expect(ids.toSorted()).toEqual(ids);
  });

  it.each([
    { fields: { duration_ms: 11_150 }, durationMs: 11_150, description: 'milliseconds (3.0.4 on)' },
    { fields: { duration: '1.2' }, durationMs: 1200, description: 'seconds as a string (2.7 to 3.0.3)' },
    { fields: { duration: 1.25 }, durationMs: 1250, description: 'seconds as a number (to 2.6)' },
    { fields: {}, durationMs: null, description: 'nothing at all' },
  ])('reads the length of a session written as $description', ({ fields, durationMs }) => {
    const detail = eventOf(normalize(aLine({ eventid: 'cowrie.session.closed', ...fields }))).detail;
    expect(detail).toEqual({ kind: 'closed', durationMs });
  });

  it('reads a login by public key, which has no password', () => {
    const line = aLine({
      eventid: 'cowrie.login.success',
      username: 'root',
      fingerprint: '8f:80',
      key: 'ssh-ed25519 AAAA',
      type: 'ssh-ed25519',
    });
    expect(eventOf(normalize(line)).detail).toEqual({
      kind: 'login',
      succeeded: true,
      username: 'root',
      keyFingerprint: '8f:80',
    });
  });

  it('takes the target of a tunnel from the fields that it overwrites, and the source from its own', () => {
    const line = aLine({
      eventid: 'cowrie.direct-tcpip.request',
      src_ip: '192.0.2.7',
      dst_ip: 'example.org',
      dst_port: 25,
    });
    expect(eventOf(normalize(line))).toMatchObject({
      sourceIp: '192.0.2.7',
      detail: { kind: 'tunnel', host: 'example.org', port: 25 },
    });
  });

  it.each([{ message: 'CMD: id' }, { message: ['CMD: id', 'x'] }, { message: [] }])(
    'takes a message of any form ($message)',
    ({ message }) => {
      expect(eventOf(normalize(aLine({ message }))).detail.kind).toBe('command');
    },
  );

  it('keeps an unknown event id as a generic event', () => {
    expect(eventOf(normalize(aLine({ eventid: 'cowrie.something.new' })))).toMatchObject({
      eventType: 'cowrie.something.new',
      detail: { kind: 'generic' },
    });
  });

  it('knows each event id either as a reader or as a plain one, never as both', () => {
    expect([...readers.keys()].filter((id) => plainEventIds.has(id))).toEqual([]);
  });

  it('trusts epoch over a timestamp that is local time with a false Z', () => {
    const line = aLine({ timestamp: '2026-11-22T05:42:29.000000Z', epoch: Date.UTC(2026, 10, 22, 0, 12, 29) });
    expect(eventOf(normalize(line)).timestamp).toBe('2026-11-22T00:12:29.000000Z');
  });

  it.each([
    { timeZone: 'Asia/Kolkata', local: '2026-11-22T05:42:29.500000Z', utc: '2026-11-22T00:12:29.500000Z' },
    { timeZone: 'America/New_York', local: '2026-07-01T12:00:00.000000Z', utc: '2026-07-01T16:00:00.000000Z' },
    { timeZone: 'America/New_York', local: '2026-12-01T12:00:00.000000Z', utc: '2026-12-01T17:00:00.000000Z' },
  ])('mends local time of a sensor in $timeZone ($local)', ({ timeZone, local, utc }) => {
    expect(eventOf(createNormalize({ timeZone })(aLine({ timestamp: local }))).timestamp).toBe(utc);
  });

  it('shows U+0000 and half surrogates as something that PostgreSQL takes, and keeps the bytes', () => {
    const text = aText({ input: 'a\\u0000b' }).replace('a\\\\u0000b', 'a\\u0000b\\ud800c\\\\u0000');
    const reading = normalize({ text, coveredBytes: text.length + 1 });
    expect(reading.line?.event.detail).toMatchObject({ input: 'a\u2400b\ufffdc\\u0000' });
    expect(JSON.parse(reading.line?.rawJson ?? '')).toMatchObject({ input: 'a\u2400b\ufffdc\\u0000' });
    expect(reading.line?.rawBytes?.toString()).toBe(text);
  });

  it.each([
    { text: '', reason: 'not_json', description: 'an empty line' },
    { text: '{"eventid":', reason: 'not_json', description: 'a cut line' },
    { text: '[1]', reason: 'not_an_object', description: 'an array' },
    { text: 'null', reason: 'not_an_object', description: 'null' },
    { text: '{"timestamp":"2026-11-22T00:00:00.000000Z"}', reason: 'no_eventid', description: 'no event id' },
    { text: '{"eventid":"x"}', reason: 'bad_timestamp', description: 'no time' },
    { text: '{"eventid":"x","timestamp":"yesterday"}', reason: 'bad_timestamp', description: 'a time that is none' },
    {
      text: '{"eventid":"x","timestamp":"1970-01-01T00:00:00Z"}',
      reason: 'bad_timestamp',
      description: 'a clock never set',
    },
    { text: aText({ input: 7 }), reason: 'bad_shape', description: 'a command that is a number' },
    { text: `${'['.repeat(100_000)}`, reason: 'not_json', description: 'deep nesting' },
    {
      text: aText({ more: JSON.parse(`${'['.repeat(1_000)}${']'.repeat(1_000)}`) }),
      reason: 'bad_shape',
      description: 'whole nesting',
    },
  ])('parks $description with its reason', ({ text, reason }) => {
    const reading = normalize({ text, coveredBytes: 9 });
    expect(reading.line).toBeNull();
    expect(reading.parked).toMatchObject([{ reason, coveredBytes: 9 }]);
  });

  it('keeps the whole line that follows the stump of another, and parks the stump', () => {
    const whole = aText();
    const text = `{"eventid":"cowrie.lo${whole}`;
    const reading = normalize({ text, coveredBytes: text.length + 1 });
    expect(reading.line?.event.id).toBe(eventOf(normalize(aLine())).id);
    expect(reading.parked).toMatchObject([{ reason: 'cut_line' }]);
    expect((reading.line?.coveredBytes ?? 0) + (reading.parked[0]?.coveredBytes ?? 0)).toBe(text.length + 1);
  });

  it('does not take an event out of what an attacker typed', () => {
    const typed = aText({ input: aText({ session: 'forged' }) });
    const reading = normalize({ text: typed.slice(0, -2), coveredBytes: 1 });
    expect(reading.line).toBeNull();
  });

  it('keeps a user called __proto__ as a name, and nothing is polluted', () => {
    const text = aText({ eventid: 'cowrie.login.failed' }).replace(
      '{',
      '{"__proto__":{"polluted":1},"username":"__proto__",',
    );
    expect(eventOf(normalize({ text, coveredBytes: 1 })).detail).toMatchObject({ username: '__proto__' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined(); // `as`: looking for what must not be there
  });

  it('never throws, and covers every byte exactly once, whatever the line', () => {
    const anyLine = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.object().map((value) => JSON.stringify({ ...JSON.parse(aText()), ...value })),
    );
    fc.assert(
      fc.property(anyLine, (text) => {
        const coveredBytes = Buffer.byteLength(text) + 1;
        const reading = normalize({ text, coveredBytes });
        const sum =
          (reading.line?.coveredBytes ?? 0) + reading.parked.reduce((total, line) => total + line.coveredBytes, 0);
        expect(sum).toBe(coveredBytes);
      }),
      { numRuns: 2000 },
    );
  });
});

function eventOf(reading: LineReading) {
  if (!reading.line) throw new Error(`parked: ${reading.parked[0]?.explanation}`);
  return reading.line.event;
}

function aText(fields: Record<string, unknown> = {}): string {
  return JSON.stringify({
    session: '86d2c8e64976',
    protocol: 'ssh',
    src_ip: '192.0.2.1',
    src_port: 54_728,
    input: 'uname -a',
    eventid: 'cowrie.command.input',
    sensor: 'sensor-a',
    timestamp: '2026-11-21T23:50:52.062702Z',
    message: 'CMD: uname -a',
    ...fields,
  });
}

function aLine(fields: Record<string, unknown> = {}): RawLine {
  const text = aText(fields);
  return { text, coveredBytes: Buffer.byteLength(text) + 1 };
}
