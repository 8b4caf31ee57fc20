import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupEnd, BackupManifest } from '@cerberusmesh/contract/backup';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Config } from '../../config.ts';
import type { Clock } from '../../kit/clock.ts';
import { reasonOf } from '../../kit/reason-of.ts';
import { createPieceWriter, type Piece, pieceBytesMax } from '../../kit/sealed-pieces.ts';
import { appendAudit } from '../../store/audit.ts';
import { readState, type StateReading } from '../../store/backup/read-state.ts';
import { isDatabaseAway } from '../../store/database.ts';
import { inspectSchema } from '../../store/migrate.ts';
import { version } from '../project.ts';
import { type BackupKey, keyFileOf, makeBackupKey } from './backup-key.ts';
import { openAsItIs } from './open-as-it-is.ts';
import { listStateFiles, readInPieces } from './state-files.ts';

export interface BackupReport extends BackupEnd {
  readonly file: string;
  /** Where the key was written; null where the master key opens it. */
  readonly keyFile: string | null;
  readonly schemaVersion: number;
}

const auditHead = 'audit-head.json';

/**
 * The whole state of this installation in one sealed file, while the engine may go on running: all rows as they were at one
 * moment, and the files of the state folder.
 * @throws CerberusError BACKUP_REFUSED where `file` is there already or nothing is to be kept
 */
export async function makeBackup(
  file: string,
  { config, clock }: { readonly config: Config; readonly clock: Clock },
): Promise<BackupReport> {
  const draft = `${file}.part`;
  if (await exists(file)) throw new CerberusError('BACKUP_REFUSED', `There is a ${file} already: name another file.`);
  const database = await openAsItIs(config, clock);
  try {
    if ((await inspectSchema(database)).version === 0)
      throw new CerberusError('BACKUP_REFUSED', 'The database is empty: there is nothing to keep.');
    const out = await open(draft, 'w', 0o600).catch((cause: unknown) => {
      throw new CerberusError('BACKUP_REFUSED', `${draft} cannot be written: name a file in a folder of yours.`, cause);
    });
    let key: BackupKey | undefined;
    try {
      key = await makeBackupKey(file, config.state.masterKey);
      const report = await fill(out, key, { url: database.url, stateDir: config.state.dir, createdAt: clock.now() });
      await out.sync();
      // Before it has its name: where this fails there is no backup, and no key of one is removed.
      await appendAudit(database.pool, { actor: 'command-line', action: 'backup.make', subject: file, details: {} });
      await rename(draft, file);
      return { ...report, file, keyFile: key.kind === 'file' ? keyFileOf(file) : null };
    } catch (cause) {
      await rm(draft, { force: true });
      if (key?.kind === 'file') await rm(keyFileOf(file), { force: true });
      if (cause instanceof CerberusError || isDatabaseAway(cause)) throw cause;
      throw new CerberusError('BACKUP_REFUSED', `${file} could not be written: ${reasonOf(cause)}.`, cause);
    } finally {
      await out.close();
    }
  } finally {
    await database.close();
  }
}

async function fill(
  out: FileHandle,
  { kind, salt, key }: BackupKey,
  from: { readonly url: string; readonly stateDir: string; readonly createdAt: Date },
): Promise<BackupEnd & { readonly schemaVersion: number }> {
  // Before the rows: a head that is younger than they are would say that the end of the audit log was cut off.
  const head = await readFile(join(from.stateDir, auditHead)).catch(() => undefined);
  return await readState(from.url, async (state) => {
    const manifest: BackupManifest = {
      ...{ program: version, createdAt: from.createdAt.toISOString(), serverVersion: state.serverVersion },
      ...{ migrations: [...state.migrations], months: [...state.months], stateDir: from.stateDir, key: kind, salt },
    };
    const pieces = createPieceWriter(out, key, Buffer.from(JSON.stringify(manifest)));
    let bytes = 0;
    const write = async (piece: Piece): Promise<void> => {
      bytes += piece.bytes.length;
      await pieces.write(piece);
    };
    await pieces.begin();
    const tables = await writeTables(state, write);
    if (head) await write({ name: `file/${auditHead}`, bytes: head });
    const files = (head ? 1 : 0) + (await writeFiles(from.stateDir, write));
    const end: BackupEnd = { tables, files, bytes };
    await pieces.write({ name: 'end', bytes: Buffer.from(JSON.stringify(end)) });
    return { ...end, schemaVersion: Math.max(...state.migrations.map((migration) => migration.version)) };
  });
}

async function writeTables(
  state: StateReading,
  write: (piece: Piece) => Promise<void>,
): Promise<Record<string, number>> {
  const counts: [string, number][] = [];
  for (const table of state.tables) {
    const name = `table/${table.name}`;
    let held: Buffer[] = [];
    let heldBytes = 0;
    const rows = await state.readTable(table, async (bytes) => {
      for (let at = 0; at < bytes.length; ) {
        const part = bytes.subarray(at, at + pieceBytesMax - heldBytes);
        held.push(part);
        heldBytes += part.length;
        at += part.length;
        if (heldBytes === pieceBytesMax) await flush();
      }
    });
    if (heldBytes > 0) await flush();
    counts.push([table.name, rows]);

    async function flush(): Promise<void> {
      await write({ name, bytes: Buffer.concat(held, heldBytes) });
      held = [];
      heldBytes = 0;
    }
  }
  return Object.fromEntries(counts);
}

async function writeFiles(stateDir: string, write: (piece: Piece) => Promise<void>): Promise<number> {
  let files = 0;
  for await (const path of listStateFiles(stateDir)) {
    if (path === auditHead) continue;
    let pieces = 0;
    for await (const bytes of readInPieces(join(stateDir, path))) {
      await write({ name: `file/${path}`, bytes });
      pieces += 1;
    }
    if (pieces > 0) files += 1;
  }
  return files;
}

async function exists(path: string): Promise<boolean> {
  const found = await open(path, 'r').catch((error: NodeJS.ErrnoException) => error);
  if (!(found instanceof Error)) await found.close();
  return !(found instanceof Error && found.code === 'ENOENT');
}
