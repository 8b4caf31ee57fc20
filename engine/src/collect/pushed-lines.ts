import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import { z } from 'zod';
import { cutBatches } from './cut-batches.ts';

const inflate = promisify(gunzip);

/** What a source remembers of its requests is written with each batch, so it stays small. */
const requestsMax = 64;

/** A source that is pushed to has no place to read on from; its position is what of its latest keyed bodies is durable. */
const PushedPosition = z.object({
  requests: z.array(z.object({ key: z.string(), bodyHash: z.string(), durableBytes: z.number() })),
});

/** @throws CerberusError BODY_TOO_LARGE before more than `bytesMax` is in memory; VALIDATION_FAILED where it is no gzip. */
export async function inflateBody(body: Buffer, bytesMax: number): Promise<Buffer> {
  try {
    return await inflate(body, { maxOutputLength: bytesMax });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE')
      throw new CerberusError('BODY_TOO_LARGE', `Inflated, it has more than ${bytesMax} bytes: send less at once.`);
    throw new CerberusError('VALIDATION_FAILED', 'Expected a whole gzip body, came something else or a part.', cause);
  }
}

export interface PushedBody {
  /** Bytes at the body's beginning that an earlier request with the same key made durable. */
  readonly skippedBytes: number;
  /** To be stored one after the other: each holds the position that is true when it is durable. */
  readonly batches: Iterable<LineBatch>;
}

/**
 * Cuts a pushed body into batches. With a key, only what the position does not know to be durable.
 * @throws CerberusError CONFLICT where the key came with another body before.
 */
export function openPushedBody(options: {
  readonly sourceId: string;
  readonly body: Buffer;
  readonly key: string | undefined;
  /** As stored; anything else than a position of this source counts as none. */
  readonly position: unknown;
}): PushedBody {
  const { sourceId, body, key } = options;
  const known = PushedPosition.safeParse(options.position).data?.requests ?? [];
  if (key === undefined) {
    return { skippedBytes: 0, batches: cutBatches(sourceId, body, 0, () => undefined) };
  }
  const bodyHash = createHash('sha256').update(body).digest('base64url');
  const before = known.find((request) => request.key === key);
  if (before && before.bodyHash !== bodyHash)
    throw new CerberusError('CONFLICT', 'This Idempotency-Key came with another body before: use a new one.');
  const others = known.filter((request) => request !== before).slice(1 - requestsMax);
  const positionAt = (durableBytes: number) => ({ requests: [...others, { key, bodyHash, durableBytes }] });
  const skippedBytes = before?.durableBytes ?? 0;
  return { skippedBytes, batches: cutBatches(sourceId, body, skippedBytes, positionAt) };
}

/** Writes onto each line what we know of it ourselves: when it came, and where its sender is bound to a sensor, whose it is. */
export function* withKnown(
  batches: Iterable<LineBatch>,
  known: { readonly receivedEpochMs: number; readonly sensor?: string },
): Generator<LineBatch> {
  for (const batch of batches) yield { ...batch, lines: batch.lines.map((line) => ({ ...line, ...known })) };
}
