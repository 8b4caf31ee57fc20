import { zstdCompressSync } from 'node:zlib';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { ShipAnswer, shippedType } from '@cerberusmesh/contract/mesh';
import type { Clock } from '../kit/clock.ts';
import { backoffMs } from '../kit/retry.ts';
import type { HubAnswer, HubClient } from './hub-client.ts';
import type { Spool } from './spool.ts';

export interface ShipOptions {
  readonly spool: Spool;
  readonly hub: Pick<HubClient, 'post'>;
  readonly clock: Clock;
  /** Told once per trouble. */
  readonly onTrouble: (sentence: string) => void;
  readonly onWellAgain: () => void;
  /** Told of bytes that the hub asked for and that are not kept any more. */
  readonly onLost: (bytes: number) => void;
}

const bodyBytes = 256 * 1024;
/** At most about so many bodies a second: each costs both sides more than the lines in it. */
const paceMs = 100;
const idleMs = 1_000;
const timeoutMs = 60_000;
const backoff = { firstMs: 500, maxMs: 30_000 };

/** Sends what the spool holds, in order, and lets go of what the hub has made durable. The hub says where to go on. */
export function createShipper({ spool, hub, clock, onTrouble, onWellAgain, onLost }: ShipOptions) {
  let next = spool.start();
  let lostFrom: number | undefined;
  let bell = new AbortController();
  let trouble: string | undefined;

  return {
    /** There is something new. */
    wake: () => bell.abort(),
    /** Not known to be durable at the hub. */
    waitingBytes: () => spool.end() - next,
    async run(signal: AbortSignal): Promise<void> {
      let failures = 0;
      while (!signal.aborted) {
        try {
          const waitMs = next < spool.end() ? await shipOnce(signal) : undefined;
          if (trouble !== undefined) onWellAgain();
          [failures, trouble] = [0, undefined];
          await rest(waitMs ?? idleMs, waitMs === undefined, signal);
        } catch (error) {
          if (signal.aborted) return;
          const sentence = error instanceof Error ? error.message : String(error);
          if (sentence !== trouble) onTrouble(sentence);
          trouble = sentence;
          await clock.sleep(backoffMs(failures++, backoff), signal);
        }
      }
    },
  };

  async function rest(ms: number, untilWoken: boolean, signal: AbortSignal): Promise<void> {
    await clock.sleep(ms, untilWoken ? AbortSignal.any([signal, bell.signal]) : signal);
    if (bell.signal.aborted) bell = new AbortController();
  }

  /** @returns how long to rest before the next body. */
  async function shipOnce(signal: AbortSignal): Promise<number> {
    const plain = spool.read(next, bodyBytes);
    const headers = {
      'content-type': shippedType,
      'content-encoding': 'zstd',
      'cerberus-spool': spool.id(),
      'cerberus-start': String(next),
      ...(lostFrom === undefined ? {} : { 'cerberus-lost-from': String(lostFrom) }),
    };
    // Told its size, zstd takes room for so much and not for its largest window, some 3 MB.
    const body = zstdCompressSync(plain, { pledgedSrcSize: plain.length });
    const answer = await hub.post('/mesh/lines', body, headers, { signal, timeoutMs });
    if (answer.status === 429 || answer.status === 503) return (answer.retryAfterSeconds ?? 1) * 1000;
    const { durable } = readAnswer(answer);
    lostFrom = undefined;
    if (answer.status === 409) goBackTo(durable);
    else if (durable > spool.end()) startAnew();
    else next = durable;
    if (answer.status !== 409) spool.release(next);
    // A backlog is sent without a rest.
    return plain.length >= bodyBytes / 2 ? 0 : paceMs;
  }

  /** The hub lacks what lies before: it was set back to an older state. */
  function goBackTo(durable: number): void {
    next = Math.max(durable, spool.start());
    if (next === durable) return;
    lostFrom = durable;
    onLost(next - durable);
  }

  /** The hub has more than we: our disk was set back, so what we call byte 5000 may be another. */
  function startAnew(): void {
    spool.renew();
    next = spool.start();
  }
}

/** @throws CerberusError HUB_REFUSED */
function readAnswer({ status, body }: HubAnswer): { readonly durable: number } {
  const answer = ShipAnswer.partial().safeParse(body).data;
  if ((status === 200 || status === 409) && answer?.durable !== undefined) return { durable: answer.durable };
  throw new CerberusError('HUB_REFUSED', explainRefusal(status));
}

/** For the operator beside the sensor, by the hub's status. */
export function explainRefusal(status: number): string {
  if (status === 401) return 'It does not know this sensor (any more): was it revoked? Lines are kept in the spool.';
  return `It answered ${status}.`;
}
