import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createArtifactStore } from './artifacts.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('a sensor that brings without end makes room out of what it brought itself, beyond its share', async () => {
  await keep('good', 10);
  await keep('good', 10);
  for (let time = 0; time < 12; time++) await keep('bad', 10);
  const { rows } = await database.pool.query(
    `select s.sensor, count(*)::int as kept from artifacts a join artifact_sightings s on s.artifact_sha256 = a.sha256
      where a.sealed is not null group by 1 order by 1`,
  );
  expect(rows).toEqual([
    { sensor: 'bad', kept: 8 },
    { sensor: 'good', kept: 2 },
  ]);
});

async function keep(sensor: string, bytes: number): Promise<void> {
  const [eventId, sha256] = [randomUUID(), randomBytes(32).toString('hex')];
  await database.pool.query(
    `insert into artifact_sightings (event_id, seen_at, sensor, session_id, kind, named_sha256, path, is_repeat, log_path, state)
     values ($1, now(), $2, 's', 'download', $3, '', false, 'sensor x', 'waiting')`,
    [eventId, sensor, sha256],
  );
  const sighting = { eventId, kind: 'download', namedSha256: sha256, path: '', logPath: '', attempts: 1 } as const;
  const artifact = { sha256, kind: 'payload', form: 'file', sizeBytes: bytes, sealed: randomBytes(bytes) } as const;
  await createArtifactStore(database, 100).keep({ ...sighting, seenAt: new Date() }, artifact);
}
