import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { startSession } from '../assess/assess.ts';
import { someLines } from '../collect/support/tail-rig.ts';
import { systemClock } from '../kit/clock.ts';
import { composePipeline } from './compose-pipeline.ts';
import { createReceiveShipped } from './mesh/receive-shipped.ts';
import { createReceiveLines } from './receive-lines.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => await database.drop());

const body = Buffer.from(someLines(0, 2000));

it('a body of a sensor that two engines take at once is stored and counted once, and its stream never goes back', async () => {
  const shipment = { sensor: 'north', spool: randomUUID(), encoding: undefined, lostFrom: undefined };
  const engines = [anEngine(), anEngine()];
  const cuts = [0, 1200].map((line) => Buffer.byteLength(someLines(0, line)));
  for (const [at, start] of cuts.entries()) {
    const part = body.subarray(start, cuts[at + 1] ?? body.length);
    const answers = await Promise.all(engines.map(({ ship }) => ship({ ...shipment, start, body: part })));
    expect(answers).toMatchObject([
      { kind: 'stored', answer: { durable: start + part.length } },
      { kind: 'stored', answer: { durable: start + part.length } },
    ]);
  }
  expect(await ledger()).toEqual({ stored: 2000, duplicate: 0, bytes: body.length, position: body.length });
});

it('a body with a key that is sent to two engines at once is stored and counted once', async () => {
  const from = { id: 'token', name: 'gate', role: 'sensor' as const, kind: 'token' as const, scopes: null };
  const request = { from, body, isGzip: false, key: 'one' };
  const results = await Promise.all([anEngine(), anEngine()].map(({ push }) => push(request)));
  expect(results.reduce((sum, { stored, duplicate }) => sum + stored + duplicate, 0)).toBe(2000);
  expect(await ledger()).toMatchObject({ stored: 2000, duplicate: 0, bytes: body.length });
});

it('a body of many batches holds up its own sender alone', async () => {
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const whole = aPipeline();
  const ship = createReceiveShipped({
    ...{ database, onStored: () => undefined, clock: systemClock },
    pipeline: {
      async onLines(batch, source) {
        order.push(source.place);
        // Both bodies are in before the first batch is stored.
        if (order.length === 1) await first.promise;
        return await whole.onLines(batch, source);
      },
    },
  });
  const shipment = { spool: randomUUID(), encoding: undefined, lostFrom: undefined, start: 0 };
  const many = Buffer.from(someLines(0, 9000));
  const long = ship({ ...shipment, sensor: 'long', body: many });
  await expect.poll(() => order.length).toBe(1);
  const short = ship({ ...shipment, sensor: 'short', body: Buffer.from(someLines(0, 1)) });
  // Its one batch waits when the position of its source was looked up.
  await database.pool.query('select 1');
  first.resolve();
  await Promise.all([long, short]);
  expect(order.filter((place) => place === 'long').length).toBeGreaterThan(2);
  expect(order.indexOf('short')).toBeLessThan(order.length - 1);
});

function aPipeline() {
  return composePipeline({
    ...{ database, clock: systemClock, timeZone: 'UTC', startSession, isProbe: () => false },
    assess: (_event, session) => ({ assessment: null, session }),
    assessFailed: () => undefined,
  });
}

function anEngine() {
  const pipeline = aPipeline();
  const parts = { database, pipeline, onStored: () => undefined, clock: systemClock };
  return { ship: createReceiveShipped(parts), push: createReceiveLines(parts).receive };
}

async function ledger() {
  const { rows } = await database.pool.query(
    `select lines_stored::int as stored, lines_duplicate::int as duplicate, bytes_read::int as bytes,
            (position->>'durable')::int as position from sources`,
  );
  return rows[0];
}
