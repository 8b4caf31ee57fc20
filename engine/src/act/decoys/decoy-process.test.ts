import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActJob, Sighting } from '@cerberusmesh/contract/adaptation';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { readTemplate } from '../../compose/decoys.ts';
import { projectDir } from '../../compose/project.ts';
import { systemClock } from '../../kit/clock.ts';
import { createAdaptationStore } from '../../store/adaptations.ts';
import { createAdaptations } from '../adaptations.ts';
import { createDecoyPlace } from '../insert-trap/decoy-place.ts';
import { type RunningDecoy, startDecoyProcess } from './decoy-process.ts';

let folder: string;
let decoy: RunningDecoy;
let database: TestDatabase;
const never = new AbortController().signal;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cerberus-decoy-'));
  database = await createTestDatabase();
  decoy = await startDecoyProcess({ projectDir, settings: settingsIn(folder, 0) });
}, 60_000);

afterAll(async () => {
  await decoy?.stop();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

function settingsIn(place: string, sshPort: number) {
  const template = readTemplate('ubuntu-web');
  return {
    folder: place,
    sensor: 'decoy',
    uuid: 'u',
    host: '127.0.0.1',
    sshPort,
    telnetPort: null,
    httpPort: null,
    template,
    seed: 's',
  };
}

it('a lure is written down with its secret, planted in the attacker’s world and seen there', async () => {
  const store = createAdaptationStore(database);
  const findPlace = () => createDecoyPlace(() => decoy);
  const adaptations = createAdaptations({
    store,
    findPlace,
    clock: systemClock,
    dryRun: false,
    ended: () => undefined,
  });
  const job = await aJob();
  const [outcome] = await adaptations.run(job, never);
  expect(outcome).toMatchObject({ status: 'verified', error: null });
  const stored = await store.findByCause(job.decisionId, 'insert_trap', 'AWS_CREDENTIALS');
  expect(stored?.verification).toMatchObject({ verified: true, looked: true });
  expect(() => Sighting.parse(stored?.verification)).not.toThrow();
  const { rows } = await database.pool.query('select count(*)::int as lures from lures where adaptation_id = $1', [
    outcome?.id,
  ]);
  expect(rows[0].lures).toBeGreaterThan(0);
  // The same decision again plants nothing a second time.
  expect((await adaptations.run(job, never)).map(({ id }) => id)).toEqual([outcome?.id]);
});

it('a lure whose decoy ended before it was planted is planted once it is back, with the same secrets', async () => {
  const store = createAdaptationStore(database);
  let isUp = true;
  const adaptations = createAdaptations({
    store: {
      ...store,
      async insert(action) {
        isUp = false;
        return await store.insert(action);
      },
    },
    ...{ clock: systemClock, dryRun: false, ended: () => undefined },
    findPlace: () => createDecoyPlace(() => (isUp ? decoy : undefined)),
  });
  const [planned] = await adaptations.run(await aJob(), never);
  expect(planned).toMatchObject({ status: 'planned', error: null });
  const { plan } = (await store.find(planned?.id ?? '')) ?? {};
  isUp = true;
  expect(await adaptations.recover(never)).toMatchObject([{ id: planned?.id, status: 'verified' }]);
  expect((await store.find(planned?.id ?? ''))?.plan).toEqual(plan);
  expect(await adaptations.rollback(planned?.id ?? '')).toMatchObject({
    kind: 'refused',
    explanation: expect.stringMatching(/stays in the/),
  });
});

it('a port that is taken is told by its number, and the process is gone', async () => {
  const other = mkdtempSync(join(tmpdir(), 'cerberus-decoy-'));
  const taken = decoy.ports.ssh ?? 0;
  await expect(startDecoyProcess({ projectDir, settings: settingsIn(other, taken) })).rejects.toThrow(`:${taken}`);
  rmSync(other, { recursive: true, force: true });
});

/** With the decision that it follows from, which the table asks for. */
async function aJob(): Promise<ActJob> {
  const job: ActJob = {
    decisionId: randomUUID(),
    adaptations: ['AWS_CREDENTIALS'],
    sensor: 'decoy',
    sessionId: 'abc',
    sourceIp: '203.0.113.9',
    severity: 'HIGH',
    reason: 'a test',
  };
  await database.pool.query(
    `insert into decisions (id, decided_at, decision, rule, why, sensor, session_id, event_id, severity, threat_score,
                            confidence, policy_version, model_version)
     values ($1, now(), 'insert_trap', 'test', 'test', 'decoy', 'abc', $1, 'HIGH', 1, 1, '1', '1')`,
    [job.decisionId],
  );
  return job;
}
