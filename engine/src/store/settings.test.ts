import { defaultSettings } from '@cerberusmesh/contract/settings';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { openSettings } from './settings.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => await database.drop());

describe('settings', () => {
  it('the configuration holds until somebody sets a value; that one outlives a restart', async () => {
    const configured = { ...defaultSettings, CERBERUS_THRESHOLD: 0.4 };
    const first = await openSettings({ database, configured });
    expect(first.current()).toEqual(configured);
    await first.update({ HIGH_SEVERITY_THRESHOLD: 0.9 }, 'test');
    const second = await openSettings({ database, configured: { ...configured, HIGH_SEVERITY_THRESHOLD: 0.1 } });
    expect(second.current()).toEqual({ ...configured, HIGH_SEVERITY_THRESHOLD: 0.9 });
  });

  it('what was set is told with who set it, and forgotten as configured again, once, audited', async () => {
    const configured = { ...defaultSettings, CERBERUS_RETENTION_DAYS: 90 };
    const settings = await openSettings({ database, configured });
    await settings.update({ CERBERUS_RETENTION_DAYS: null }, 'ada');
    expect(await settings.changes()).toMatchObject([
      { name: 'CERBERUS_RETENTION_DAYS', value: null, configured: 90, changed_by: 'ada' },
    ]);
    expect([await settings.forget('CERBERUS_RETENTION_DAYS', 'bob'), settings.current()]).toEqual([true, configured]);
    expect([await settings.forget('CERBERUS_RETENTION_DAYS', 'bob'), await settings.changes()]).toEqual([false, []]);
    const { rows } = await database.pool.query(`select details from audit_log where action = 'settings.forget'`);
    const details = { before: { CERBERUS_RETENTION_DAYS: null }, after: { CERBERUS_RETENTION_DAYS: 90 } };
    expect(rows).toEqual([{ details }]);
  });

  it('what another process set is heard at the next refresh, once', async () => {
    const [here, there] = [
      await openSettings({ database, configured: defaultSettings }),
      await openSettings({ database, configured: defaultSettings }),
    ];
    const heard: boolean[] = [];
    const stop = here.onChange((settings) => heard.push(settings.ENABLE_AUTO_ADAPTATION));
    await there.update({ ENABLE_AUTO_ADAPTATION: false }, 'test');
    await here.refresh();
    await here.refresh();
    expect(heard).toEqual([false]);
    stop();
    await here.update({ ENABLE_AUTO_ADAPTATION: true }, 'test');
    expect(heard).toEqual([false]);
  });

  it('a stored value of another version is left aside and told; its neighbours hold', async () => {
    await database.pool.query(
      `insert into settings (key, value, updated_by) values ('CERBERUS_THRESHOLD', '"high"', 'x'), ('OLD_NAME', '1', 'x'),
       ('ADAPTATION_COOLDOWN_SECONDS', '5', 'x')`,
    );
    const refused: string[] = [];
    const settings = await openSettings({
      database,
      configured: defaultSettings,
      onRefused: (name) => refused.push(name),
    });
    expect(settings.current()).toEqual({ ...defaultSettings, ADAPTATION_COOLDOWN_SECONDS: 5 });
    expect(refused.toSorted()).toEqual(['CERBERUS_THRESHOLD', 'OLD_NAME']);
  });

  it('nothing is stored and nothing applied where the database refuses', async () => {
    const settings = await openSettings({ database, configured: defaultSettings });
    await database.pool.query('alter table audit_log add check (actor <> $$refused$$)');
    await expect(settings.update({ CERBERUS_THRESHOLD: 0.1 }, 'refused')).rejects.toThrow();
    expect(settings.current()).toEqual(defaultSettings);
    expect((await settings.refresh()).CERBERUS_THRESHOLD).toBe(0.7);
  });
});
