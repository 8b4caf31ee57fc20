/** Why something failed, in its own words and, of a disk, in a person's; what is thrown need not be an Error. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const known = 'code' in error && typeof error.code === 'string' ? diskFaults.get(error.code) : undefined;
  return known === undefined ? error.message : `${known} (${error.message})`;
}

const diskFaults: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the quota of the disk is used up'],
  ['EROFS', 'the disk is mounted read-only'],
  ['EIO', 'the disk has a fault'],
]);
