import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { shippedInflatedBytesMax, sourceOfSensor } from '@cerberusmesh/contract/mesh';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import { z } from 'zod';
import { cutBatches } from './cut-batches.ts';

const inflate = { gzip: promisify(gunzip), zstd: promisify(zstdDecompress) };

/** How far the stream of one spool is durable, and what of all its streams never came. Whose disk was lost begins another. */
const ShippedPosition = z.object({ spool: z.string(), durable: z.number(), lost: z.number() });

export interface ShippedBody {
  readonly sensor: string;
  readonly spool: string;
  /** Where the body begins in the spool's stream. */
  readonly start: number;
  /** What the sensor does not have any more, from here to `start`. */
  readonly lostFrom: number | undefined;
  readonly body: Buffer;
  /** By the hub's clock: what claims to be of a later time is not believed. */
  readonly receivedEpochMs: number;
}

export type OpenedShipment =
  /** The body begins behind what is durable: the sensor is to go back there, or to say that it cannot. */
  | { readonly kind: 'gap'; readonly durable: number }
  | {
      readonly kind: 'open';
      /** Where the stream is durable once all batches are. */
      readonly durable: number;
      /** To be stored one after the other. */
      readonly batches: Iterable<LineBatch>;
    };

/** @throws CerberusError BODY_TOO_LARGE before more than the bound is in memory; VALIDATION_FAILED where it is not whole. */
export async function inflateShipped(body: Buffer, encoding: 'gzip' | 'zstd' | undefined): Promise<Buffer> {
  if (encoding === undefined) return body;
  try {
    return await inflate[encoding](body, { maxOutputLength: shippedInflatedBytesMax });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE')
      throw new CerberusError('BODY_TOO_LARGE', `Inflated, it has more than ${shippedInflatedBytesMax} bytes.`);
    throw new CerberusError('VALIDATION_FAILED', `Expected a whole ${encoding} body, came something else.`, cause);
  }
}

/**
 * What of a shipped body is not durable yet, as batches whose positions move the stream on: so each byte of it is stored
 * once, however often it comes. @param position as stored for this sensor's source
 */
export function openShipment(shipped: ShippedBody, position: unknown): OpenedShipment {
  const { sensor, spool, start, lostFrom, body } = shipped;
  const known = ShippedPosition.safeParse(position).data;
  // A spool that is not known begins where it says.
  const durable = known?.spool === spool ? known.durable : start;
  const isExplained = lostFrom === durable && start > durable;
  if (start > durable && !isExplained) return { kind: 'gap', durable };
  const end = start + body.length;
  const skip = Math.min(Math.max(0, durable - start), body.length);
  const lost = (known?.lost ?? 0) + (isExplained ? start - durable : 0);
  const positionAt = (bytes: number) => ({ spool, durable: start + bytes, lost });
  return {
    kind: 'open',
    durable: Math.max(durable, end),
    batches: ofSensor(cutBatches(sourceOfSensor(sensor), body, skip, positionAt), shipped),
  };
}

function* ofSensor(
  batches: Iterable<LineBatch>,
  { sensor, receivedEpochMs }: Pick<ShippedBody, 'sensor' | 'receivedEpochMs'>,
): Generator<LineBatch> {
  const known = { sensor, receivedEpochMs };
  for (const batch of batches) yield { ...batch, lines: batch.lines.map((line) => ({ ...line, ...known })) };
}
