import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupEnd } from '@cerberusmesh/contract/backup';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Config } from '../../config.ts';
import type { Clock } from '../../kit/clock.ts';
import { appendAudit } from '../../store/audit.ts';
import { isEmptyDatabase } from '../../store/backup/tables.ts';
import { beginState } from '../../store/backup/write-state.ts';
import type { Database } from '../../store/database.ts';
import { type MigrationReport, migrate } from '../../store/migrate.ts';
import { type OpenBackup, openBackup } from './check-backup.ts';
import { openAsItIs } from './open-as-it-is.ts';
import { appendStateFile } from './state-files.ts';

export interface RestoreReport extends BackupEnd, MigrationReport {
  readonly createdAt: string;
}

/**
 * Puts a backup into an empty place: a state folder that is not there or empty, and a database without tables. All of the file
 * is checked first; where anything fails, the place is empty again.
 * @throws CerberusError NOT_EMPTY where there is something already
 */
export async function restoreBackup(
  file: string,
  { config, clock }: { readonly config: Config; readonly clock: Clock },
): Promise<RestoreReport> {
  const backup = await openBackup(file, config.state.masterKey);
  try {
    const end = await backup.check();
    const stateDir = config.state.dir;
    const found = (await readdir(stateDir).catch(() => [])).filter((name) => name !== 'lost+found');
    if (found.length > 0) {
      throw new CerberusError(
        'NOT_EMPTY',
        `${stateDir} holds ${found[0]}: stop the engine and move the folder away, or set CERBERUS_DATA_DIR to an empty one.`,
      );
    }
    try {
      const report = await fill(backup, end, { config, clock });
      return { ...end, ...report, createdAt: backup.manifest.createdAt };
    } catch (error) {
      for (const name of await readdir(stateDir))
        if (name !== 'lost+found') await rm(join(stateDir, name), { recursive: true, force: true });
      throw error;
    }
  } finally {
    await backup.close();
  }
}

async function fill(
  backup: OpenBackup,
  end: BackupEnd,
  { config, clock }: { readonly config: Config; readonly clock: Clock },
): Promise<MigrationReport> {
  const database = await openAsItIs(config, clock);
  try {
    if (!(await isEmptyDatabase(database.pool))) {
      throw new CerberusError('NOT_EMPTY', 'The database holds tables already: name an empty one in DATABASE_URL.');
    }
    // The files are there before the rows are: rows without the key of their installation would be given a new one.
    await database.transaction((client) => load(client, backup, end, config.state.dir));
    const report = await migrate(database);
    await database.pool.query('analyze');
    return report;
  } finally {
    await database.close();
  }
}

type Connection = Parameters<Parameters<Database['transaction']>[0]>[0];

async function load(client: Connection, backup: OpenBackup, end: BackupEnd, stateDir: string): Promise<void> {
  const { manifest } = backup;
  const state = await beginState(client, { ...manifest, tables: Object.keys(end.tables) });
  for await (const { name, bytes } of backup.pieces()) {
    const [kind, what] = [name.slice(0, 6), name.slice(6)];
    if (kind === 'table/') await state.write(what, bytes);
    else if (name.startsWith('file/')) await appendStateFile(stateDir, name.slice(5), bytes);
  }
  const counts = await state.end({ from: manifest.stateDir, to: stateDir });
  for (const [table, rows] of Object.entries(end.tables)) {
    if ((counts.get(table) ?? 0) !== rows) throw new Error(`${table} has ${counts.get(table)} rows, expected ${rows}`);
  }
  const details = { made: manifest.createdAt, program: manifest.program };
  await appendAudit(client, { actor: 'command-line', action: 'backup.restore', subject: 'state', details });
}
