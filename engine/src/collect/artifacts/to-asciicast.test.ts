import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CastPart, castTextMax, toAsciicast } from './to-asciicast.ts';
import { readTtyLog, typedHash } from './ttylog.ts';

const screen = { width: 80, height: 24 };
const startedAt = new Date('2026-11-22T10:00:00Z');

describe('a terminal log of Cowrie', () => {
  it('becomes an asciicast with its times, a character that was cut between two records whole', () => {
    const smile = Buffer.from('☺');
    const log = ttyLog(
      [100, OUT, 'login\r\n'],
      [100.5, IN, 'ls'],
      [101, OUT, smile.subarray(0, 1)],
      [102.25, OUT, smile.subarray(1)],
    );
    expect(castOf([{ form: 'ttylog', content: log, isRepeat: false }])).toEqual([
      { version: 2, width: 80, height: 24, timestamp: 1_795_341_600, idle_time_limit: 5 },
      [0, 'o', 'login\r\n'],
      [0.5, 'i', 'ls'],
      [2.25, 'o', '☺'],
    ]);
  });

  it('is named by what was typed and by nothing else', async () => {
    const log = ttyLog([1, EXEC, 'uname'], [1, OUT, 'Linux'], [2, IN, ' -a']);
    expect(await typedHash(log)).toBe(createHash('sha256').update('uname -a').digest('hex'));
  });

  it('shows a command that was given with the connection as a marker, and channels one after the other', () => {
    const part = (text: string): CastPart => {
      return { form: 'ttylog', content: ttyLog([5, EXEC, text], [6, OUT, text]), isRepeat: text === 'b' };
    };
    const [header, ...events] = castOf([part('a'), part('b')]);
    expect(header).toMatchObject({ title: expect.stringContaining('earlier session') });
    expect(events).toEqual([
      [0, 'm', 'channel 1'],
      [0, 'm', 'a'],
      [1, 'o', 'a'],
      [2, 'm', 'channel 2'],
      [2, 'm', 'b'],
      [3, 'o', 'b'],
    ]);
  });

  it('is shown up to where it is damaged', () => {
    const log = ttyLog([1, OUT, 'a'], [2, OUT, 'b']);
    for (const damaged of [
      log.subarray(0, -1),
      Buffer.concat([log.subarray(0, 25), Buffer.from('rubbish of some length')]),
    ]) {
      expect(castOf([{ form: 'ttylog', content: damaged, isRepeat: false }]).slice(1)).toEqual([[0, 'o', 'a']]);
    }
  });

  it('of any bytes ends, and what is given is always an asciicast', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, isTty) => {
        const content = Buffer.from(bytes);
        expect([...readTtyLog(content)].length).toBeLessThanOrEqual(content.length / 24);
        castOf([{ form: isTty ? 'ttylog' : 'asciicast', content, isRepeat: false }]);
      }),
    );
  });

  it('is cut where it is longer than anybody watches, and says so', () => {
    const long = 'x'.repeat(1_000_000);
    const content = ttyLog(...Array.from({ length: 20 }, (_, at): Written => [at, OUT, long]));
    const events = castOf([{ form: 'ttylog', content, isRepeat: false }]);
    expect(JSON.stringify(events).length).toBeLessThan(castTextMax + 1000);
    expect(events.at(-1)).toEqual([expect.any(Number), 'm', expect.stringContaining('too long')]);
  });
});

it("a decoy's recording is read anew: what is no event of a terminal is left out", () => {
  const content = Buffer.from(
    '{"version":2,"width":9999}\n[0.5,"o","hi"]\n[1,"x","no"]\n["a"]\nrubbish\n[2,"i","q"]\n',
  );
  expect(castOf([{ form: 'asciicast', content, isRepeat: false }]).slice(1)).toEqual([
    [0.5, 'o', 'hi'],
    [2, 'i', 'q'],
  ]);
});

const IN = 1;
const OUT = 2;
const EXEC = 3;
type Written = readonly [at: number, direction: number, text: string | Buffer];

function castOf(parts: readonly CastPart[]): unknown[] {
  return [...toAsciicast(parts, screen, startedAt)].map((line) => JSON.parse(line));
}

function ttyLog(...records: Written[]): Buffer {
  return Buffer.concat(
    records.flatMap(([at, direction, text]) => {
      const bytes = Buffer.from(text);
      const head = Buffer.alloc(24);
      head.writeInt32LE(3, 0);
      head.writeInt32LE(bytes.length, 8);
      head.writeInt32LE(direction, 12);
      head.writeUInt32LE(Math.floor(at), 16);
      head.writeUInt32LE(Math.round((at % 1) * 1e6), 20);
      return [head, bytes];
    }),
  );
}
