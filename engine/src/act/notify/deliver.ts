import { randomUUID } from 'node:crypto';
import type { Notice } from '@cerberusmesh/contract/notice';
import { reasonOf } from '../../kit/reason-of.ts';
import { type Backoff, backoffMs } from '../../kit/retry.ts';
import type { Channel, Message } from './channel.ts';

export interface WaitingNotice {
  readonly notice: Notice;
  readonly attempts: number;
  readonly createdAt: Date;
}

/** What delivering needs of the store, about one channel. */
export interface Outbox {
  /** Questions first, then oldest first. */
  listWaiting(channel: string, max: number): Promise<readonly WaitingNotice[]>;
  countSentWithin(channel: string, seconds: number, now: Date): Promise<number>;
  /** Neither counts what was sent after `now`: the clock was put back since, and it would hold the channel until it is that late again. */
  lastDigestAt(channel: string, now: Date): Promise<Date | null>;
  sent(channel: string, ids: readonly string[], as: 'sent' | 'digested', at: Date): Promise<void>;
  /** `failed`: not tried any more. */
  notSent(channel: string, ids: readonly string[], error: string, isLast: boolean): Promise<void>;
}

export interface DeliverOptions {
  readonly outbox: Outbox;
  readonly now: () => Date;
  /** Beyond so many single notices an hour, what waits is told in digests. */
  readonly perHourMax: number;
  readonly digestMinutes: number;
}

const hourMs = 3_600_000;
const ageMaxMs = 24 * hourMs;
const digestMax = 500;
const deadlineMs = 20_000;
const backoff: Backoff = { firstMs: 5_000, maxMs: 900_000 };

/**
 * Sends what waits on a channel: one by one while it is calm, in a digest every `digestMinutes` in a flood; a question is
 * never part of one. What the other side does not take is tried again, for a day. @returns milliseconds until the next try; null where nothing waits.
 */
export function createDeliver({ outbox, now, perHourMax, digestMinutes }: DeliverOptions) {
  return async function deliver(channel: Channel, stop: AbortSignal): Promise<number | null> {
    for (;;) {
      const waiting = await dropLate(channel, await outbox.listWaiting(channel.name, digestMax));
      const question = waiting.find(({ notice }) => notice.expires_at !== undefined);
      const first = question ?? waiting[0];
      if (!first || stop.aborted) return null;
      const room = perHourMax - (await outbox.countSentWithin(channel.name, hourMs / 1000, now()));
      const isFlood = question === undefined && (room <= 0 || waiting.length > perHourMax);
      const waitMs = isFlood ? await untilDigest(channel) : 0;
      if (waitMs > 0) return waitMs;
      const batch = isFlood ? waiting : [first];
      const failedWaitMs = await send(channel, batch, isFlood ? 'digested' : 'sent', stop);
      if (failedWaitMs !== null) return failedWaitMs;
    }
  };

  /** A question that outlived an outage cannot be answered any more. */
  async function dropLate(channel: Channel, waiting: readonly WaitingNotice[]): Promise<readonly WaitingNotice[]> {
    const isLate = ({ notice }: WaitingNotice) =>
      notice.expires_at !== undefined && Date.parse(notice.expires_at) <= now().getTime();
    const late = waiting.filter(isLate).map(({ notice }) => notice.id);
    if (late.length === 0) return waiting;
    await outbox.notSent(channel.name, late, 'its time was over before it was taken', true);
    return waiting.filter((each) => !isLate(each));
  }

  async function untilDigest(channel: Channel): Promise<number> {
    const last = await outbox.lastDigestAt(channel.name, now());
    return last === null ? 0 : last.getTime() + digestMinutes * 60_000 - now().getTime();
  }

  /** @returns null where it was taken. */
  async function send(
    channel: Channel,
    batch: readonly WaitingNotice[],
    as: 'sent' | 'digested',
    stop: AbortSignal,
  ): Promise<number | null> {
    const ids = batch.map(({ notice }) => notice.id);
    try {
      await channel.send(toMessage(batch, now()), AbortSignal.any([stop, AbortSignal.timeout(deadlineMs)]));
    } catch (error) {
      const attempts = Math.max(...batch.map((waiting) => waiting.attempts));
      const old = batch.filter(({ createdAt }) => now().getTime() - createdAt.getTime() > ageMaxMs);
      await outbox.notSent(channel.name, ids, reasonOf(error).slice(0, 500), false);
      if (old.length > 0) {
        await outbox.notSent(
          channel.name,
          old.map(({ notice }) => notice.id),
          'not taken for a day',
          true,
        );
      }
      return backoffMs(attempts, backoff);
    }
    await outbox.sent(channel.name, ids, as, now());
    return null;
  }
}

function toMessage(batch: readonly WaitingNotice[], now: Date): Message {
  const [only] = batch;
  if (batch.length === 1 && only) return { kind: 'notice', notice: only.notice };
  const digest = { id: randomUUID(), at: now.toISOString(), notices: batch.map(({ notice }) => notice) };
  return { kind: 'digest', digest };
}
