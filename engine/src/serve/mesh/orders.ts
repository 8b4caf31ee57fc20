import { ErrorBody } from '@cerberusmesh/contract/api';
import { Heartbeat, type Order, OrderReport, orderReportBytesMax, PollAnswer } from '@cerberusmesh/contract/mesh';
import { z } from 'zod';
import { type MeshApi, onlySensors, sensorOf } from './mesh-api.ts';

/** What the hub has for its sensors to do. */
export interface OrderDesk {
  /** Takes the heartbeat, and gives the orders for this sensor; held back until there are some, for a while. */
  poll(sensor: string, heartbeat: Heartbeat, from: string, signal: AbortSignal): Promise<readonly Order[]>;
  /** False where this sensor has no such order (any more): what it says is not looked at. */
  report(sensor: string, report: OrderReport): boolean;
  now(): Date;
}

/** Outbound for the sensor: it asks, and is answered when there is something to do. */
export function addOrderRoutes(api: MeshApi, orders: OrderDesk): void {
  api.post(
    '/mesh/poll',
    {
      preParsing: onlySensors,
      schema: { body: Heartbeat, response: { 200: PollAnswer, default: ErrorBody } },
    },
    async (request, reply) => {
      const sensor = sensorOf(request);
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const waiting = await orders.poll(sensor, request.body, request.ip, gone.signal);
      return { sensor, now: orders.now().toISOString(), orders: [...waiting] };
    },
  );

  api.post(
    '/mesh/reports',
    {
      bodyLimit: orderReportBytesMax,
      preParsing: onlySensors,
      schema: { body: OrderReport, response: { 200: z.object({ known: z.boolean() }), default: ErrorBody } },
    },
    async (request) => ({ known: orders.report(sensorOf(request), request.body) }),
  );
}
