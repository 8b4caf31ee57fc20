import { type FileHandle, open } from 'node:fs/promises';
import { BackupEnd, BackupManifest } from '@cerberusmesh/contract/backup';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { reasonOf } from '../../kit/reason-of.ts';
import { DamagedPieces, type Piece, readHead, readPieces } from '../../kit/sealed-pieces.ts';
import type { Secret } from '../../kit/secret.ts';
import { findBackupKey } from './backup-key.ts';

export interface OpenBackup {
  readonly manifest: BackupManifest;
  /** From the first to the last, anew at each call. @throws CerberusError BACKUP_DAMAGED where the file is not as it was written */
  pieces(): AsyncGenerator<Piece>;
  /** Reads all of it. @throws CerberusError BACKUP_DAMAGED where anything of it is altered or missing */
  check(): Promise<BackupEnd>;
  close(): Promise<void>;
}

/** @throws CerberusError BACKUP_DAMAGED, or BAD_SECRET where its key is not at hand */
export async function openBackup(path: string, masterKey: Secret | null): Promise<OpenBackup> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new CerberusError('SOURCE_UNREADABLE', `${path} cannot be read: ${reasonOf(cause)}.`, cause);
  });
  try {
    const head = await tellingDamage(path, () => readHead(file));
    const manifest = parseManifest(path, head);
    return openWith(path, { file, head, manifest, key: await findBackupKey(path, manifest, masterKey) });
  } catch (error) {
    await file.close();
    throw error;
  }
}

function openWith(
  path: string,
  parts: {
    readonly file: FileHandle;
    readonly head: Buffer;
    readonly manifest: BackupManifest;
    readonly key: Uint8Array;
  },
): OpenBackup {
  const { file, head, manifest, key } = parts;
  return { manifest, pieces, check, close: () => file.close() };

  async function* pieces(): AsyncGenerator<Piece> {
    const all = readPieces(file, key, head);
    for (;;) {
      const { done, value } = await tellingDamage(path, () => all.next());
      if (done) return;
      yield value;
    }
  }

  async function check(): Promise<BackupEnd> {
    let end: BackupEnd | undefined;
    let bytes = 0;
    for await (const piece of pieces()) {
      if (end) throw new CerberusError('BACKUP_DAMAGED', `${path} goes on after its end.`);
      if (piece.name === 'end') end = BackupEnd.parse(JSON.parse(piece.bytes.toString('utf8')));
      else bytes += piece.bytes.length;
    }
    if (end?.bytes === bytes) return end;
    throw new CerberusError('BACKUP_DAMAGED', `${path} was cut off: its end is missing.`);
  }
}

function parseManifest(path: string, head: Buffer): BackupManifest {
  try {
    return BackupManifest.parse(JSON.parse(head.toString('utf8')));
  } catch (cause) {
    throw new CerberusError(
      'BACKUP_DAMAGED',
      `The head of ${path} was altered, or a newer CerberusMesh wrote it.`,
      cause,
    );
  }
}

async function tellingDamage<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DamagedPieces) throw new CerberusError('BACKUP_DAMAGED', `${path}: ${error.message}.`, error);
    throw error;
  }
}
