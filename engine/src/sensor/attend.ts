import { CerberusError } from '@cerberusmesh/contract/errors';
import { type Heartbeat, type Order, type OrderReport, PollAnswer } from '@cerberusmesh/contract/mesh';
import type { Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/reason-of.ts';
import { backoffMs } from '../kit/retry.ts';
import type { HubClient } from './hub-client.ts';
import { explainRefusal } from './ship.ts';

export interface AttendOptions {
  readonly hub: Pick<HubClient, 'post'>;
  readonly heartbeat: () => Promise<Heartbeat>;
  /** Never rejects. */
  readonly doOrder: (order: Order) => Promise<OrderReport>;
  readonly clock: Clock;
  readonly log: { info(fields: object, sentence: string): unknown; warn(fields: object, sentence: string): unknown };
}

const json = { 'content-type': 'application/json' };
/** Longer than the hub holds a question back. */
const pollTimeoutMs = 45_000;
const reportTimeoutMs = 15_000;
const backoff = { firstMs: 500, maxMs: 15_000 };

/** Says how this sensor is, and does what the hub wants of it; always by asking, never by being asked. */
export async function attendHub(options: AttendOptions, signal: AbortSignal): Promise<void> {
  const { hub, clock, log } = options;
  let failures = 0;
  let trouble: string | undefined;
  while (!signal.aborted) {
    try {
      const { orders } = await poll();
      if (trouble !== undefined) log.info({}, 'The hub answers again.');
      [failures, trouble] = [0, undefined];
      for (const order of orders) await carryOut(order);
    } catch (error) {
      if (signal.aborted) return;
      const why = reasonOf(error);
      if (why !== trouble) log.warn({}, why);
      trouble = why;
      await clock.sleep(backoffMs(failures++, backoff), signal);
    }
  }

  async function poll(): Promise<PollAnswer> {
    const beat = Buffer.from(JSON.stringify(await options.heartbeat()));
    const { status, body } = await hub.post('/mesh/poll', beat, json, { signal, timeoutMs: pollTimeoutMs });
    const answer = PollAnswer.safeParse(body);
    if (status === 200 && answer.success) return answer.data;
    throw new CerberusError('HUB_REFUSED', explainRefusal(status));
  }

  /** An order whose report is lost is given again, and every step may be done again. */
  async function carryOut(order: Order): Promise<void> {
    const report = await options.doOrder(order);
    const outcome = report.done ? 'done' : report.why;
    log.info({ order: order.id, step: order.step.op, outcome }, 'An order of the hub was carried out.');
    await hub.post('/mesh/reports', Buffer.from(JSON.stringify(report)), json, { signal, timeoutMs: reportTimeoutMs });
  }
}
