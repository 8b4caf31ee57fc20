import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { findModelFiles, shippedVersion } from '../../store/learning/models.ts';
import { projectDir } from '../project.ts';

export const shippedFolder = join(projectDir, 'models');

/**
 * The folder with the files of a version: the shipped one's, or one in the state folder, which is filled from the database
 * where this machine does not have it yet. A half-filled folder is never seen: it gets its name when it is whole.
 * @throws CerberusError MODEL_UNUSABLE where the database has no such version.
 */
export async function openModelFolder(
  connection: Parameters<typeof findModelFiles>[0],
  stateDir: string,
  version: string,
): Promise<string> {
  if (version === shippedVersion) return shippedFolder;
  const folder = join(stateDir, 'models', basename(version));
  if (existsSync(folder)) return withNewerKinds(folder);
  const files = await findModelFiles(connection, version);
  if (files === undefined) throw new CerberusError('MODEL_UNUSABLE', `There is no model version ${version}.`);
  const half = `${folder}.half-${process.pid}`;
  mkdirSync(half, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(half, basename(name)), text);
  try {
    renameSync(half, folder);
  } catch (error) {
    // Another process was faster: a folder of that name is whole.
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return withNewerKinds(folder);
}

/** A version that was trained before a kind of model existed uses the shipped one of that kind. */
function withNewerKinds(folder: string): string {
  for (const name of readdirSync(shippedFolder)) {
    if (!existsSync(join(folder, name))) copyFileSync(join(shippedFolder, name), join(folder, name));
  }
  return folder;
}
