import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The outermost folder above `path` that this user may not enter; undefined where none keeps him from it. */
export async function closedFolder(path: string): Promise<string | undefined> {
  const folder = dirname(path);
  const outer = folder === path ? undefined : await closedFolder(folder);
  if (outer !== undefined) return outer;
  return await access(folder, constants.X_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => (error.code === 'EACCES' ? folder : undefined),
  );
}

/** A home of Cowrie's user mostly, which Debian makes for its owner alone. */
export function enterFix(folder: string): string {
  return `Let the engine's user in: usermod -aG cowrie USER, chmod g+x ${folder}`;
}
