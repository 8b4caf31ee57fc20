import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import { z } from 'zod';
import type { Clock } from '../kit/clock.ts';

/** The sensor that all recordings of ours name: whatever comes from it is marked by this name everywhere. */
export const recordedSensor = 'recorded-demo';

/** A person who thinks for a minute is no demonstration. */
const silenceMaxMs = 2500;
const betweenStoriesMs = 4000;
const betweenRoundsMs = 60_000;

const RecordedLine = z.looseObject({ session: z.string(), timestamp: z.string(), epoch: z.number().optional() });
type RecordedLine = z.infer<typeof RecordedLine>;

interface ScheduledLine {
  readonly afterMs: number;
  readonly line: RecordedLine;
}

/**
 * Plays our own recordings as if they happened now, over and over: time stamps are those of the moment, each round has
 * sessions of its own. Everything else is as a real Cowrie wrote it.
 */
export function createRecordedVisits(options: {
  /** Holds a folder per story with its `cowrie.jsonl`. */
  readonly folder: string;
  readonly sourceId: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): AsyncGenerator<LineBatch, void, undefined> {
  const { folder, sourceId, clock, signal } = options;
  return play();

  async function* play(): AsyncGenerator<LineBatch, void, undefined> {
    const schedule = await readSchedule(folder);
    while (!signal.aborted) {
      const round = randomBytes(3).toString('hex');
      const startMs = clock.now().getTime();
      for (const { afterMs, line } of schedule) {
        await clock.sleep(startMs + afterMs - clock.now().getTime(), signal);
        if (signal.aborted) return;
        yield toBatch(sourceId, asOfNow(line, round, clock.now()));
      }
      await clock.sleep(betweenRoundsMs, signal);
    }
  }
}

async function readSchedule(folder: string): Promise<ScheduledLine[]> {
  const stories = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const schedules = await Promise.all(
    stories.map(async (story, index) => {
      const text = await readFile(join(folder, story.name, 'cowrie.jsonl'), 'utf8');
      return toSchedule(text, index * betweenStoriesMs);
    }),
  );
  return schedules.flat().sort((a, b) => a.afterMs - b.afterMs);
}

/** Pauses as they were, up to what a spectator bears. */
function toSchedule(text: string, startMs: number): ScheduledLine[] {
  let afterMs = startMs;
  let lastMs: number | undefined;
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((json) => {
      const line = RecordedLine.parse(JSON.parse(json));
      const writtenMs = Date.parse(line.timestamp);
      afterMs += Math.min(silenceMaxMs, Math.max(0, writtenMs - (lastMs ?? writtenMs)));
      lastMs = writtenMs;
      return { afterMs, line };
    });
}

function asOfNow(line: RecordedLine, round: string, now: Date): string {
  const timestamp = `${now.toISOString().slice(0, -1)}${line.timestamp.slice(23, 26).padEnd(3, '0')}Z`;
  const { epoch, ...rest } = line;
  const session = `${round}${line.session.slice(round.length)}`;
  return JSON.stringify({ ...rest, session, timestamp, ...(epoch === undefined ? {} : { epoch: now.getTime() }) });
}

function toBatch(sourceId: string, text: string): LineBatch {
  const coveredBytes = Buffer.byteLength(text) + 1;
  return { sourceId, lines: [{ text, coveredBytes }], position: {}, readBytes: coveredBytes };
}
