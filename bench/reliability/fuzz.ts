import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { makeLines } from '../make-lines.ts';
import { createRandom, type Random } from '../random.ts';
import { count, start, withPlace } from './place.ts';
import type { Scenario } from './scenario.ts';

const share = 100_000;

export const fuzz: Scenario = {
  name: 'fuzz',
  does: 'a million lines (--lines) of which most are damaged are replayed, and then replayed again; --seed S makes those of S again',
  run: ({ lines: asked, seed, say }) =>
    withPlace(async ({ folder, env, databaseUrl }) => {
      const total = asked ?? 1_000_000;
      const seeds: number[] = [];
      const sums = { lines: 0, stored: 0, duplicate: 0, parked: 0, storedAgain: 0, wrong: 0 };
      for (let done = 0; done < total; done += share) {
        const own = seed * 1000 + seeds.length;
        seeds.push(own);
        const file = join(folder, `fuzz-${own}.json`);
        const written = await writeDamaged(file, Math.min(share, total - done), own);
        const [first, again] = [await replay(file, env), await replay(file, env)];
        const { lines, stored, duplicate, parked } = first;
        sums.lines += lines;
        sums.stored += stored;
        sums.duplicate += duplicate;
        sums.parked += parked;
        sums.storedAgain += again.stored;
        // Of a line with a stump before it both halves are kept, so there may be more than lines; never less.
        if (first.bytes !== written.bytes || stored + duplicate + parked < written.lines) sums.wrong++;
        say(`seed ${own}: ${written.lines} lines, ${stored} stored, ${parked} parked`);
      }
      const stored = await count(databaseUrl, 'select count(*) from events');
      const unbalanced = await count(
        databaseUrl,
        'select count(*) from sources where bytes_read <> bytes_stored + bytes_parked',
      );
      const parkedRows = await count(databaseUrl, 'select count(*) from parked_lines');
      const rolledUp = await count(databaseUrl, 'select coalesce(sum(events), 0) from rollup_hours');
      return {
        checks: [
          { what: 'files of which a byte or a line is missing', expected: 0, found: sums.wrong },
          { what: 'events stored', expected: sums.stored, found: stored },
          { what: 'stored by the second replay', expected: 0, found: sums.storedAgain },
          { what: 'sources out of balance', expected: 0, found: unbalanced },
          { what: 'events in the rollups', expected: stored, found: rolledUp },
          // Text of two bytes a character is 300 unreadable lines for one that was written.
          { what: 'a row of parked lines for each line, or more', expected: false, found: parkedRows >= total },
        ],
        facts: { ...sums, parkedRows, seeds },
      };
    }),
};

interface ReplayReport {
  readonly bytes: number;
  readonly lines: number;
  readonly stored: number;
  readonly duplicate: number;
  readonly parked: number;
}

async function replay(file: string, env: Readonly<Record<string, string>>): Promise<ReplayReport> {
  return JSON.parse(await start(['replay', '--json', file], env).untilSaid(/(\{"files".*\})/));
}

/** Lines of a busy sensor, most of them damaged in one of the ways below. */
async function writeDamaged(file: string, lines: number, seed: number): Promise<{ bytes: number; lines: number }> {
  const random = createRandom(seed);
  const out = createWriteStream(file);
  let written = 0;
  for (const line of makeLines(lines, seed)) {
    const damaged = random(4) === 0 ? Buffer.from(line) : damage(line, random);
    // A line feed inside makes two lines of one; an empty one is no line.
    written += damaged
      .toString('latin1')
      .split('\n')
      .filter((part) => part.replace(/\r$/, '') !== '').length;
    if (!out.write(Buffer.concat([damaged, Buffer.from('\n')]))) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  return { bytes: out.bytesWritten, lines: written };
}

function damage(line: string, random: Random): Buffer {
  const way = ways[random(ways.length)];
  return way ? way(line, random) : Buffer.from(line);
}

const texts = [
  '\u0000',
  '\ud800',
  '\u202e',
  '\u001b[2J',
  '\u2028',
  'A'.repeat(5000),
  '%00',
  "'; drop table events; --",
  '\\',
  '"',
];
const values: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  2 ** 53,
  [],
  {},
  [[[[]]]],
  '',
  '0',
  { constructor: 1, ['__proto__']: 2 },
];

/** Each keeps a line feed out, but the last two. What PostgreSQL refuses is rarer than the rest: such a line costs twenty statements. */
const ways: readonly ((line: string, random: Random) => Buffer)[] = [
  (line, random) => Buffer.from(line.slice(0, random(line.length))),
  (line, random) => Buffer.from(line.slice(random(line.length))),
  (line, random) => Buffer.from(line.slice(0, random(line.length)) + line),
  (line, random) => Buffer.from(line + line.slice(0, random(line.length))),
  (line, random) => withField(line, random, pick(values, random)),
  (line, random) => withField(line, random, pick(texts, random).repeat(1 + random(3))),
  (line, random) => Buffer.from(line.replace('cowrie.', pick(['', 'cowrie..', 'COWRIE.', 'cowrie.\\u0000'], random))),
  (line, random) =>
    Buffer.from(line.replace(/"timestamp":"[^"]*"/, `"timestamp":${JSON.stringify(pick(times, random))}`)),
  (line, random) => Buffer.from(`{"a":${'['.repeat(1 + random(9000))}${line}`),
  (line, random) => {
    const depth = 1 + random(random(8) === 0 ? 7000 : 100);
    return Buffer.from(`${line.slice(0, -1)},"deep":${'['.repeat(depth)}${']'.repeat(depth)}}`);
  },
  (line, random) =>
    Buffer.from(
      `${line.slice(0, -1)},"number":${'9'.repeat(1 + random(2000))}e${random(random(8) === 0 ? 200_000 : 300)}}`,
    ),
  (line) => Buffer.from(line, 'utf16le').subarray(0, 300),
  (line, random) => flipped(line, random),
  (line, random) => flipped(line, random, 40),
];
const times = [
  '',
  'now',
  '0000-00-00',
  '2026-02-30T25:61:61Z',
  '9999-12-31T23:59:59.999999Z',
  '2026-10-01T00:00:00',
  '2013-01-01T00:00:00.000000Z',
  '2199-12-31T23:59:59.999999+14:00',
];

function withField(line: string, random: Random, value: unknown): Buffer {
  const fields: Record<string, unknown> = JSON.parse(line);
  const names = Object.keys(fields);
  fields[pick(names, random)] = value;
  return Buffer.from(JSON.stringify(fields));
}

function flipped(line: string, random: Random, times = 1): Buffer {
  const bytes = Buffer.from(line);
  for (let time = 0; time < times; time++) bytes[random(bytes.length)] = random(256);
  return bytes;
}

function pick<T>(items: readonly T[], random: Random): T {
  // `as`: an index below the length.
  return items[random(items.length)] as T;
}
