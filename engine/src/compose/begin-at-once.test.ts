import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkPolicy } from '../decide/read-policy.ts';
import { aChange } from '../decide/support/changes.ts';
import type { Clock } from '../kit/clock.ts';
import { startTestServer, type TestServer } from '../serve/support/serve-parts.ts';
import { storeDecisions } from '../store/decisions.ts';
import { beginAtOnce } from './begin-at-once.ts';
import { createJobQueue } from './job-queue.ts';
import { createJobRunner } from './run-jobs.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => await server.close());

const trap = { id: 'r', why: 'Because.', when: {}, decision: 'insert_trap', adaptations: ['SSH_KEYS'] };
const guards = { approvalMinutes: { insert_trap: 30 }, cooldownSeconds: { insert_trap: 0 } };

it('what a person agrees to is begun without a look at the clock, and what he refuses is not', async () => {
  server.decider.usePolicy(checkPolicy({ version: 'asks', guards, rules: [trap] }, 'test'));
  const asked = server.decider.decide([aChange({ sessionId: 'no' }), aChange({ sessionId: 'yes' })]);
  await server.database.transaction((client) => storeDecisions(client, asked));
  const [refused, agreed] = asked.map(({ id }) => id);

  const stop = new AbortController();
  const { clock, asleep } = createEndlessClock();
  const { promise: begun, resolve: begin } = Promise.withResolvers<unknown>();
  const runner = createJobRunner({
    ...{ queue: createJobQueue(server.database), clock, onFailure: () => undefined },
    handlers: new Map([['act', async (payload) => begin(payload)]]),
  });
  const running = runner.run(stop.signal);
  await asleep;
  const desk = beginAtOnce(server.oversight.desk, runner.wake);
  await desk.answer(refused ?? '', 'rejected', 'test', null);
  await desk.answer(agreed ?? '', 'approved', 'test', null);
  expect(await begun).toMatchObject({ id: agreed });
  stop.abort();
  await running;
});

/** Nobody who sleeps wakes by himself. */
function createEndlessClock(): { readonly clock: Clock; readonly asleep: Promise<void> } {
  const { promise: asleep, resolve: fallAsleep } = Promise.withResolvers<void>();
  const sleep: Clock['sleep'] = (_ms, signal) =>
    new Promise((resolve) => {
      signal?.addEventListener('abort', () => resolve(), { once: true });
      fallAsleep();
    });
  return { clock: { now: () => new Date(), sleep }, asleep };
}
