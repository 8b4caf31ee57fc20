import { randomUUID } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActions } from '../src/act/actions.ts';
import { makeBackupKey } from '../src/compose/backup/backup-key.ts';
import { openSeed } from '../src/compose/decoys.ts';
import { openInstallKey } from '../src/compose/install-key.ts';
import { openHubIdentity } from '../src/compose/mesh/hub-identity.ts';
import { systemClock } from '../src/kit/clock.ts';
import { createActionStore } from '../src/store/actions.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { openEngineAction } from './support/engine-action.ts';
import { canMount, mountSmallDisk, type SmallDisk } from './support/small-disk.ts';

const stop = new AbortController().signal;

describe.skipIf(!canMount)('a state folder whose disk is full (skipped without root: none can be mounted)', () => {
  let disk: SmallDisk;
  beforeEach(async () => {
    disk = await mountSmallDisk('8m');
    return () => disk.remove();
  });

  it.each([
    { key: 'the key of the installation', make: (dir: string) => openInstallKey(dir) },
    { key: "the hub's certificate", make: (dir: string) => openHubIdentity(dir, new Date()) },
    { key: "the decoy's seed", make: async (dir: string) => openSeed(dir) },
    { key: 'the key of a backup', make: (dir: string) => makeBackupKey(join(dir, 'backup'), null) },
  ])('gets no half of $key, and a whole one once there is room, which stays', async ({ make }) => {
    disk.fill();
    await expect(make(disk.folder)).rejects.toThrow('ENOSPC');
    expect(await readdir(disk.folder)).toEqual(['filler']);
    await disk.free();
    await make(disk.folder);
    expect(await readdir(disk.folder)).toHaveLength(1);
  });

  it("takes a decoy's seed that was left empty for none, and draws it once", async () => {
    await writeFile(join(disk.folder, 'seed'), '');
    const seed = openSeed(disk.folder);
    expect(seed).toMatch(/^[0-9a-f]{32}$/);
    expect(openSeed(disk.folder)).toBe(seed);
  });

  describe('and a decoy that is to be launched', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await createTestDatabase();
    });
    afterAll(() => database.drop());

    it.each([
      { fault: 'full', says: 'the disk is full', break: () => disk.fill(), mend: () => disk.free() },
      {
        ...{ fault: 'read-only', says: 'the disk is mounted read-only' },
        ...{ break: () => disk.setReadOnly(true), mend: () => disk.setReadOnly(false) },
      },
    ])(
      'fails by that sentence on a $fault one, leaves nothing, and comes up once it is well',
      async (given) => {
        const env = {
          CERBERUS_DATA_DIR: disk.folder,
          CERBERUS_LAUNCH_DRIVER: 'decoy',
          CERBERUS_LAUNCH_PORTS: '24300-24399',
        };
        const engine = await openEngineAction('launch_decoy', env, database);
        const actions = createActions({
          ...{ store: createActionStore(database), actions: [engine.action], clock: systemClock, dryRun: false },
          ...{ approve: async () => ({ kind: 'granted', by: null }) as const, ended: () => undefined },
        });
        given.break();
        const [failed] = await actions.request(anOrder(), stop);
        expect(failed).toMatchObject({ status: 'failed', error: expect.stringMatching(given.says) });
        expect(failed?.error).not.toContain('could not be taken back');
        await given.mend();
        const launched = () => readdir(join(disk.folder, 'decoys', 'launched')).catch(() => []);
        expect(await launched()).toEqual([]);
        expect(await sensors()).toEqual([]);

        const [up] = await actions.request(anOrder(), stop);
        expect(up).toMatchObject({ status: 'verified', error: null });
        expect([await launched(), await sensors()]).toMatchObject([{ length: 1 }, { length: 1 }]);
        expect(await actions.undo(up?.id ?? '', stop)).toEqual({ kind: 'undone' });
        await engine.stop?.();
      },
      60_000,
    );

    async function sensors() {
      return (await database.pool.query('select from sensors')).rows;
    }
  });
});

function anOrder() {
  const about = { severity: 'HIGH' as const, sensor: null, sessionId: null, sourceIp: null };
  const cause = { causeId: randomUUID(), decisionId: null, requestedBy: 'test', reason: 'A test.', ...about };
  return { kind: 'launch_decoy' as const, parameters: { hours: 1 }, lifetimeSeconds: null, cause };
}
