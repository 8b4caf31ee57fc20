import {
  type SettingChange,
  type SettingName,
  Settings,
  type SettingsPatch,
  settingNames,
} from '@cerberusmesh/contract/settings';
import { appendAudit } from './audit.ts';
import type { Database } from './database.ts';

export interface SettingsStore {
  /** What holds now: the configuration's values, overlaid by what an admin set since. */
  current(): Settings;
  /** Stores and applies a patch: `onChange` listeners have heard of it when this returns. */
  update(patch: SettingsPatch, actor: string): Promise<Settings>;
  /** What is stored, which wins over the configuration. */
  changes(): Promise<SettingChange[]>;
  /** Takes a stored value away, so that the configuration's holds again. False where none was stored. */
  forget(name: SettingName, actor: string): Promise<boolean>;
  /** Reads what another process may have stored; tells the listeners where something changed. */
  refresh(): Promise<Settings>;
  /** Calls `listener` after each change; answers how to stop that. */
  onChange(listener: (settings: Settings) => void): () => void;
}

/**
 * Runtime settings. `configured` comes from the environment and the configuration file; a stored value wins, because
 * it was set later and by hand. A stored value that this version's schema refuses is left aside and told to `onRefused`.
 */
export async function openSettings(options: {
  readonly database: Database;
  readonly configured: Settings;
  readonly onRefused?: (name: string, explanation: string) => void;
}): Promise<SettingsStore> {
  const { database, configured } = options;
  const listeners = new Set<(settings: Settings) => void>();
  let settings = await readSettings();
  return { current: () => settings, update, changes, forget, refresh, onChange };

  async function update(patch: SettingsPatch, actor: string): Promise<Settings> {
    await database.transaction(async (client) => {
      for (const [name, value] of Object.entries(patch)) {
        await client.query(
          `insert into settings (key, value, updated_at, updated_by) values ($1, $2, now(), $3)
           on conflict (key) do update set value = excluded.value, updated_at = now(), updated_by = excluded.updated_by`,
          [name, JSON.stringify(value), actor],
        );
      }
      const before = Object.fromEntries(changedNames(patch).map((name) => [name, settings[name]]));
      await appendAudit(client, {
        actor,
        action: 'settings.change',
        subject: 'settings',
        details: { before, after: patch },
      });
    });
    return await refresh();
  }

  async function changes(): Promise<SettingChange[]> {
    const { rows } = await database.pool.query<{ key: string; value: unknown; updated_at: Date; updated_by: string }>(
      'select key, value, updated_at, updated_by from settings order by key',
    );
    return rows.flatMap(({ key, value, updated_at, updated_by }) => {
      const name = settingNames.find((each) => each === key);
      if (name === undefined) return [];
      const when = { changed_at: updated_at.toISOString(), changed_by: updated_by };
      return [{ name, value, configured: configured[name], ...when }];
    });
  }

  async function forget(name: SettingName, actor: string): Promise<boolean> {
    const wasStored = await database.transaction(async (client) => {
      const { rowCount } = await client.query('delete from settings where key = $1', [name]);
      if (rowCount === 0) return false;
      const details = { before: { [name]: settings[name] }, after: { [name]: configured[name] } };
      await appendAudit(client, { actor, action: 'settings.forget', subject: name, details });
      return true;
    });
    if (wasStored) await refresh();
    return wasStored;
  }

  async function refresh(): Promise<Settings> {
    const read = await readSettings();
    const changed = settingNames.some((name) => read[name] !== settings[name]);
    settings = read;
    if (changed) for (const listener of listeners) listener(settings);
    return settings;
  }

  function onChange(listener: (settings: Settings) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  async function readSettings(): Promise<Settings> {
    const { rows } = await database.pool.query<{ key: string; value: unknown }>('select key, value from settings');
    let read = configured;
    for (const { key, value } of rows) {
      // Over what was read so far, so that one value that this version refuses costs no other.
      const merged = Settings.safeParse(Object.assign({}, read, { [key]: value }));
      if (merged.success) read = merged.data;
      else options.onRefused?.(key, merged.error.issues.map((issue) => issue.message).join('; '));
    }
    return read;
  }
}

function changedNames(patch: SettingsPatch): SettingName[] {
  return settingNames.filter((name) => patch[name] !== undefined);
}
