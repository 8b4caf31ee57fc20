/** Errors as the C library names them; programs turn them into their own words. */
export type FaultCode =
  | 'ENOENT'
  | 'EACCES'
  | 'EEXIST'
  | 'ENOTDIR'
  | 'EISDIR'
  | 'ENOTEMPTY'
  | 'ELOOP'
  | 'ENOSPC'
  | 'EPERM';

export class WorldFault extends Error {
  override readonly name = 'WorldFault';
  readonly code: FaultCode;
  readonly path: string;

  constructor(code: FaultCode, path: string) {
    // The interpreter tells errors of a file system by the words that Node has for them.
    super(`${code}: ${faultTexts[code].toLowerCase()}, open '${path}'`);
    this.code = code;
    this.path = path;
  }
}

export const faultTexts: Record<FaultCode, string> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EEXIST: 'File exists',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  ENOTEMPTY: 'Directory not empty',
  ELOOP: 'Too many levels of symbolic links',
  ENOSPC: 'No space left on device',
  EPERM: 'Operation not permitted',
};
