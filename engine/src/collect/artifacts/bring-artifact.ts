import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import type { ArtifactForm, ArtifactSighting, BroughtArtifact } from '@cerberusmesh/contract/artifact';
import { type Outcome, ok, refused } from '../../kit/outcome.ts';
import { typedHash } from './ttylog.ts';

export interface NotBrought {
  readonly state: 'missing' | 'too_large' | 'refused' | 'elsewhere';
  readonly why: string;
}

/**
 * Reads what a honeypot says that it keeps. The path comes from the log, which a honeypot that was taken over writes: so
 * only files below the honeypot's own folder are opened, no links, and only a content that has the told hash is given.
 */
export async function bringArtifact(
  sighting: ArtifactSighting,
  options: { readonly folder: string | undefined; readonly bytesMax: number },
): Promise<Outcome<BroughtArtifact, NotBrought>> {
  const { folder, bytesMax } = options;
  if (folder === undefined)
    return no('elsewhere', `The folder of the honeypot cannot be told from its log ${sighting.logPath}.`);
  const file = await openArtifact(folder, sighting);
  if (file === undefined) return no('missing', `Below ${folder} there is no ${basename(sighting.path)}.`);
  try {
    const { size } = await file.stat();
    if (size > bytesMax) return no('too_large', `It has ${size} bytes, and at most ${bytesMax} are kept.`);
    return await checkArtifact(sighting, await readBounded(file, bytesMax));
  } finally {
    await file.close();
  }
}

type Named = Pick<ArtifactSighting, 'kind' | 'path' | 'namedSha256'>;

/** Undefined where there is no such file below the honeypot's folder. The caller closes it. */
export async function openArtifact(folder: string, named: Named): Promise<FileHandle | undefined> {
  return await openFirst(folder, candidatesOf(named));
}

/** Whether a content is what the honeypot said of it. */
export async function checkArtifact(named: Named, content: Buffer): Promise<Outcome<BroughtArtifact, NotBrought>> {
  const form = await formOf(named, content);
  if (form === undefined) return no('refused', 'Its content does not have the hash that the honeypot told.');
  return ok({ form, sha256: hash('sha256', content), content });
}

/** The honeypot's folder, from where it writes its log: Cowrie's own layout, and that of our decoys. */
export function honeypotFolder(logPath: string): string | undefined {
  return /^(.*)\/(?:var\/log\/cowrie|log)\/[^/]+$/.exec(logPath)?.[1];
}

/** As it was told, and where it is usually: a Cowrie in a container tells paths of the container, and `scp` only a hash. */
function candidatesOf({ kind, path, namedSha256 }: Named): string[] {
  const usual = kind === 'recording' ? 'var/lib/cowrie/tty' : 'var/lib/cowrie/downloads';
  return [path, join(usual, namedSha256)];
}

async function openFirst(folder: string, paths: readonly string[]): Promise<FileHandle | undefined> {
  const root = await realpath(folder).catch(() => undefined);
  if (root === undefined) return undefined;
  for (const path of paths) {
    const real = await realpath(resolve(root, path)).catch(() => undefined);
    if (!real?.startsWith(root + sep)) continue;
    // NONBLOCK: opening a pipe would wait for its writer.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await open(real, flags).catch(() => undefined);
    if (!file) continue;
    if ((await file.stat()).isFile()) return file;
    await file.close();
  }
  return undefined;
}

/** Not by the size that was told: the file may grow meanwhile, and then does not have its hash. */
async function readBounded(file: FileHandle, bytesMax: number): Promise<Buffer> {
  const { size } = await file.stat();
  const bytes = Buffer.alloc(Math.min(size, bytesMax));
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes.length; length += read) {
    read = (await file.read(bytes, length, bytes.length - length, length)).bytesRead;
  }
  return bytes.subarray(0, length);
}

async function formOf({ kind, namedSha256 }: Named, content: Buffer): Promise<ArtifactForm | undefined> {
  const isNamedByContent = hash('sha256', content) === namedSha256;
  if (kind !== 'recording') return isNamedByContent ? 'file' : undefined;
  if (isNamedByContent) return 'asciicast';
  return (await typedHash(content)) === namedSha256 ? 'ttylog' : undefined;
}

function no(state: NotBrought['state'], why: string) {
  return refused({ state, why });
}
