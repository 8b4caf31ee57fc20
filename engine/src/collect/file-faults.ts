/** The code of a file system's error, for example `ENOENT`; undefined for anything else that was thrown. */
export function faultCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Not there, also because what should be a folder on the way is not one. */
export function isMissing(error: unknown): boolean {
  const code = faultCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** What the system calls say nothing about: a folder and a pipe can be opened like a file. */
export function notAFile(isFolder: boolean): Error {
  return Object.assign(new Error('not a regular file'), { code: isFolder ? 'EISDIR' : 'NOTAFILE', syscall: 'open' });
}

/** One sentence for the operator: the path, what is needed, and how to get it. */
export function explainFault(path: string, code: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return (
        `${path} cannot be read by this user: the file needs read permission and every folder above it search ` +
        `permission; for example: setfacl -m u:${userName()}:r ${path}, or add this user to the file's group.`
      );
    case 'ENOENT':
    case 'ENOTDIR':
      return `${path} does not exist, but a log file is needed; look for the name in its folder.`;
    case 'EISDIR':
      return `${path} is a folder, but the path of Cowrie's JSON log is needed; for example: ${path}/cowrie.json.`;
    case 'NOTAFILE':
      return `${path} is no regular file, but the path of Cowrie's JSON log is needed; set COWRIE_LOG_PATH to it.`;
    case 'ELOOP':
      return `${path} is a symbolic link that leads in a circle; point it at Cowrie's JSON log.`;
    default:
      return `${path} cannot be read (${code}); reading is tried again until it can.`;
  }
}

/** A compressed file that is followed: `textOffset` counts its uncompressed bytes. */
export function explainDamage(path: string, textOffset: number, why: string): string {
  return `${path} is damaged at byte ${textOffset} of its text (${why}): what follows in it is lost, the next file is read.`;
}

function userName(): string {
  const uid = process.getuid?.();
  return uid === undefined ? 'USER' : String(uid);
}
