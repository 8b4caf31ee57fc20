import { type BigIntStats, statSync } from 'node:fs';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import type { Clock } from '../kit/clock.ts';
import { explainFault, faultCode } from './file-faults.ts';
import { watchFolder } from './folder-watch.ts';
import { createLogReader, type LogReader } from './log-reader.ts';
import { createPollPace } from './poll-pace.ts';
import type { TailTelemetry } from './tail-telemetry.ts';

export interface CowrieTailOptions {
  readonly sourceId: string;
  /** Cowrie's JSON log. Neither it nor its folder has to exist yet. */
  readonly path: string;
  /** What was stored with the last batch; anything unusable is told and means "start anew". */
  readonly position: unknown;
  readonly clock: Clock;
  /** Ends the generator, cleanly, at the next wait or batch. */
  readonly signal: AbortSignal;
  readonly telemetry: TailTelemetry;
  /** Read at once, and so about the size of a batch. */
  readonly batchBytesMax?: number;
  readonly lineBytesMax?: number;
  readonly pollMs?: number;
}

export interface TailState {
  /** The file is there and readable. */
  readonly active: boolean;
  readonly path: string;
  /** Not yet stored, as far as the file sizes tell; compressed files count as they are on disk. */
  readonly unreadBytes: number;
  readonly lastLineAt: Date | undefined;
  /** One sentence that names path, need and fix. */
  readonly problem?: string;
}

export interface CowrieTail {
  /**
   * The log's lines in order. Asking for the next batch says that the last one is stored with its position; a
   * position that was stored brings a later tail to the same place, wherever rotation took the file.
   */
  batches(): AsyncGenerator<LineBatch, void, undefined>;
  /** For /health; one stat of the live file. */
  state(): TailState;
}

/**
 * A look takes some ten file-system operations: four looks a second at each of two quiet logs were 0.8 % of a core, one in two
 * seconds 0.3 %. Where writes wake nobody, only the first line after a quiet time waits for it.
 */
const quietPollMs = 5000;

/** Follows Cowrie's JSON log over rotation, truncation and absence. See docs/decisions for how files are told apart. */
export function createCowrieTail(options: CowrieTailOptions): CowrieTail {
  const { path, clock, signal, telemetry } = options;
  const reader = createLogReader({
    path,
    position: options.position,
    clock,
    telemetry,
    chunkBytes: options.batchBytesMax ?? 1024 * 1024,
    lineBytesMax: options.lineBytesMax ?? 16 * 1024 * 1024,
  });
  const pace = createPollPace(options.pollMs ?? 250, quietPollMs);
  let problem: string | undefined;
  let lastLineAt: Date | undefined;

  return { batches, state };

  async function* batches(): AsyncGenerator<LineBatch, void, undefined> {
    const watch = watchFolder(path, clock, signal);
    try {
      while (!signal.aborted) {
        const step = await stepOrProblem();
        if (step.kind === 'lines') {
          if (step.lines.length > 0) pace.found();
          lastLineAt = clock.now();
          yield { sourceId: options.sourceId, lines: step.lines, position: step.position, readBytes: step.readBytes };
          reader.acknowledge();
        } else if (step.kind === 'wait') {
          pace.waited(await watch.wait(pace.nextMs()));
        }
      }
    } finally {
      watch.close();
      await reader.close();
    }
  }

  async function stepOrProblem(): Promise<Awaited<ReturnType<LogReader['step']>>> {
    try {
      const step = await reader.step();
      if (problem !== undefined) telemetry.readableAgain({ path });
      problem = undefined;
      return step;
    } catch (error) {
      const code = faultCode(error);
      if (code === undefined) throw error;
      const explanation = explainFault(faultPath(error) ?? path, code);
      if (explanation !== problem) telemetry.unreadable({ path, explanation });
      problem = explanation;
      return { kind: 'wait' };
    }
  }

  function state(): TailState {
    const live = statOf(path);
    const unreadBytes = reader.unreadBytes(live && { fileId: `${live.dev}:${live.ino}`, sizeBytes: Number(live.size) });
    const active = live?.isFile() === true && problem === undefined;
    return { active, path, unreadBytes, lastLineAt, ...(problem === undefined ? {} : { problem }) };
  }
}

/** Undefined for whatever reason: /health must answer, and the reason is the problem that the tail tells. */
function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function faultPath(error: unknown): string | undefined {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined;
}
