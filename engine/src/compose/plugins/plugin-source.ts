import { givenCharactersMax } from '@cerberusmesh/contract/plugin';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import { z } from 'zod';
import type { Source, SourceState } from '../../collect/source.ts';
import type { Clock } from '../../kit/clock.ts';
import { reasonOf } from '../../kit/reason-of.ts';
import { backoffMs } from '../../kit/retry.ts';
import { type OpenThread, openThread } from './open-thread.ts';

export interface PluginSourceOptions {
  readonly sourceId: string;
  readonly path: string;
  readonly position: unknown;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** After which a thread counts as hung. */
  readonly silentMs: number;
}

const Position = z.object({ plugin: z.unknown() });
const backoff = { firstMs: 1_000, maxMs: 300_000 };

/** A source of somebody else's: one that throws, ends or hangs is begun again, later each time, and harms no other. */
export function createPluginSource(options: PluginSourceOptions): Source {
  const { sourceId, path, clock, signal, silentMs } = options;
  let position = Position.safeParse(options.position).data?.plugin;
  let state: SourceState = { active: false, unreadBytes: null, problem: 'It is not loaded yet.' };

  return {
    state: () => state,
    async *batches() {
      for (let failures = 0; !signal.aborted; ) {
        let thread: OpenThread | undefined;
        try {
          thread = await openThread(path, silentMs);
          state = { active: true, unreadBytes: null };
          for await (const batch of follow(thread)) {
            yield batch;
            failures = 0;
          }
        } catch (error) {
          if (signal.aborted) break;
          const problem = `The plugin ${path} failed (${reasonOf(error).slice(0, 300)}); it is begun again from where it was.`;
          state = { active: false, unreadBytes: null, problem };
        } finally {
          await thread?.close();
        }
        await clock.sleep(backoffMs(failures++, backoff), signal);
      }
    },
  };

  async function* follow(thread: OpenThread): AsyncGenerator<LineBatch> {
    const stopped = Promise.withResolvers<undefined>();
    signal.addEventListener('abort', () => stopped.resolve(undefined), { once: true });
    thread.tell({ kind: 'follow', position });
    while (!signal.aborted) {
      const said = await Promise.race([thread.next(), stopped.promise]);
      if (said === undefined) return thread.tell({ kind: 'stop' });
      if (said.kind === 'failed') throw new Error(said.why);
      if (said.kind !== 'lines') throw new Error(`it said ${said.kind} where lines were expected`);
      const batch = batchOf(said.lines, said.position);
      position = said.position;
      yield batch;
      thread.tell({ kind: 'stored' });
    }
  }

  function batchOf(texts: readonly string[], next: unknown): LineBatch {
    const characters = texts.reduce((sum, text) => sum + text.length, 0);
    if (characters > givenCharactersMax)
      throw new Error(`it gave ${characters} characters at once, at most ${givenCharactersMax}`);
    const lines = texts.map((text) => ({ text: text.trim(), coveredBytes: Buffer.byteLength(text) }));
    const readBytes = lines.reduce((sum, { coveredBytes }) => sum + coveredBytes, 0);
    return { sourceId, lines, readBytes, position: { plugin: next } };
  }
}
