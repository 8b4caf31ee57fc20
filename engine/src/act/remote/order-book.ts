import { randomUUID } from 'node:crypto';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Order, OrderReport, OrderStep } from '@cerberusmesh/contract/mesh';
import type { Clock } from '../../kit/clock.ts';

/** Sends one step to a sensor and waits for what comes of it. */
export type AskSensor = (sensor: string, step: OrderStep, deadlineSeconds: number) => Promise<unknown>;

interface Open {
  readonly sensor: string;
  readonly order: Order;
  readonly answer: PromiseWithResolvers<unknown>;
}

const ordersOfOneMax = 32;
const idleMs = 30_000;

/**
 * Orders that sensors are to fetch, in memory: each is a step that may be repeated, so that after a restart whoever
 * wanted it begins again. An order is answered by the sensor that it is for, once, and by nobody else.
 */
export function createOrderBook(clock: Clock, connected: (sensor: string) => void = () => undefined) {
  const open = new Map<string, Open>();
  const bells = new Map<string, AbortController>();
  const lastAskedMs = new Map<string, number>();

  return {
    /** @throws CerberusError SENSOR_AWAY where it does not fetch or answer in time; ORDER_FAILED with what it says is wrong. */
    async ask(sensor: string, step: OrderStep, deadlineSeconds: number): Promise<unknown> {
      if (!isConnected(sensor))
        throw new CerberusError('SENSOR_AWAY', `"${sensor}" did not ask for orders for ${idleMs / 1000} s.`);
      if ([...open.values()].filter((one) => one.sensor === sensor).length >= ordersOfOneMax)
        throw new CerberusError('SENSOR_AWAY', `"${sensor}" has ${ordersOfOneMax} orders that it did not answer.`);
      const id = randomUUID();
      const answer = Promise.withResolvers<unknown>();
      const over = new AbortController();
      open.set(id, { sensor, order: { id, deadlineSeconds, step }, answer });
      bells.get(sensor)?.abort();
      try {
        const late = clock.sleep(deadlineSeconds * 1000, over.signal).then(() => {
          throw new CerberusError('SENSOR_AWAY', `"${sensor}" did not answer within ${deadlineSeconds} s.`);
        });
        return await Promise.race([answer.promise, late]);
      } finally {
        open.delete(id);
        over.abort();
      }
    },

    /** For the sensor: what is to be done, held back until there is something or `holdMs` are over. */
    async take(sensor: string, holdMs: number, signal: AbortSignal): Promise<readonly Order[]> {
      const wasHere = isConnected(sensor);
      lastAskedMs.set(sensor, clock.now().getTime());
      if (!wasHere) connected(sensor);
      if (listOf(sensor).length === 0) {
        // A sensor has one line: who asks again has given up the one before.
        bells.get(sensor)?.abort();
        const bell = new AbortController();
        bells.set(sensor, bell);
        await clock.sleep(holdMs, AbortSignal.any([signal, bell.signal]));
        if (bells.get(sensor) === bell) bells.delete(sensor);
      }
      lastAskedMs.set(sensor, clock.now().getTime());
      return signal.aborted ? [] : listOf(sensor);
    },

    report(sensor: string, report: OrderReport): boolean {
      const one = open.get(report.id);
      if (one?.sensor !== sensor) return false;
      if (report.done) one.answer.resolve(report.result);
      else one.answer.reject(new CerberusError('ORDER_FAILED', `"${sensor}" says: ${report.why}`));
      return true;
    },
  };

  /** Whether it was here lately, so that an order makes sense. */
  function isConnected(sensor: string): boolean {
    return clock.now().getTime() - (lastAskedMs.get(sensor) ?? Number.NEGATIVE_INFINITY) < idleMs;
  }

  function listOf(sensor: string): Order[] {
    return [...open.values()].filter((one) => one.sensor === sensor).map(({ order }) => order);
  }
}

export type OrderBook = ReturnType<typeof createOrderBook>;
