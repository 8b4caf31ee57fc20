import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import type { Clock } from '../kit/clock.ts';

const timestamp = /"timestamp":\s*"([^"]{19,32})"/;

/** Holds each batch back until its first event's turn has come, `speed` times as fast as it happened. */
export async function* keepPace(
  batches: AsyncIterable<LineBatch>,
  speed: number,
  clock: Clock,
): AsyncGenerator<LineBatch, void, undefined> {
  let start: { readonly eventMs: number; readonly nowMs: number } | undefined;
  for await (const batch of batches) {
    const eventMs = Date.parse(timestamp.exec(batch.lines[0]?.text ?? '')?.[1] ?? '');
    const nowMs = clock.now().getTime();
    if (!Number.isNaN(eventMs)) {
      start ??= { eventMs, nowMs };
      await clock.sleep(Math.max(0, start.nowMs + (eventMs - start.eventMs) / speed - nowMs));
    }
    yield batch;
  }
}
