import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Finding } from '@cerberusmesh/contract/doctor';
import type { Config } from '../../config.ts';
import { fault, sound } from './finding.ts';

const check = 'disk space';
const gibibyte = 1024 ** 3;
/** PostgreSQL stops when it cannot write its log ahead, which may be 2 GB here; below this a busy night fills the rest. */
const stateBytesMin = gibibyte;
/** Two days of a Cowrie that a botnet found. Less is usual where `/var/log` is a disk of its own. */
const logBytesMin = gibibyte / 4;

interface Place {
  readonly path: string;
  readonly freeBytesMin: number;
  readonly fix: string;
}

/** The room for what this machine writes: state, Cowrie's log, the engine's own, archives; a finding for each disk. */
export async function checkDisks({ state, cowrie, log, database }: Config): Promise<readonly Finding[]> {
  const ofState: Place = {
    path: state.dir,
    freeBytesMin: stateBytesMin,
    fix: 'Make room, move CERBERUS_DATA_DIR, or set CERBERUS_RETENTION_DAYS.',
  };
  return await checkPlaces([
    ofState,
    { path: dirname(cowrie.logPath), freeBytesMin: logBytesMin, fix: 'Make room: a Cowrie that cannot log is blind.' },
    { path: dirname(log.file), freeBytesMin: logBytesMin, fix: 'Make room, or move CERBERUS_LOG_FILE.' },
    ...(database.archiveDir === null
      ? []
      : [{ path: database.archiveDir, freeBytesMin: stateBytesMin, fix: 'Make room, or move CERBERUS_ARCHIVE_DIR.' }]),
  ]);
}

/** Of a server on this machine, where its data do not lie beside the state: nothing where that cannot be seen from here. */
export async function checkDatabaseDisk({ state }: Config, dataFolder: string | null): Promise<readonly Finding[]> {
  if (dataFolder === null) return [];
  // A server in a container names a folder that is none of ours.
  const [data, ours] = await Promise.all([diskOf(dataFolder), diskOf(await nearestFolder(state.dir))]);
  if (data === undefined || data === ours) return [];
  const fix = "Make room on the database's disk, or set CERBERUS_RETENTION_DAYS or CERBERUS_DISK_FREE_MB.";
  return await checkPlaces([{ path: dataFolder, freeBytesMin: stateBytesMin, fix }]);
}

async function checkPlaces(places: readonly Place[]): Promise<Finding[]> {
  const byDisk = new Map<number | undefined, { readonly folder: string; readonly place: Place }>();
  for (const place of places) {
    const folder = await nearestFolder(place.path);
    const disk = await diskOf(folder);
    const known = byDisk.get(disk);
    // The one that wants most speaks for its disk.
    if (!known || place.freeBytesMin > known.place.freeBytesMin) byDisk.set(disk, { folder, place });
  }
  return await Promise.all([...byDisk.values()].map(({ folder, place }) => checkRoom(folder, place)));
}

async function checkRoom(folder: string, { freeBytesMin, fix }: Place): Promise<Finding> {
  const { bavail, bsize, files, ffree } = await statfs(folder);
  const says = `${gibibytes(bavail * bsize)} GiB are free where ${folder} lies.`;
  if (files > 0 && ffree === 0) return fault(check, `${folder} has room for no more files.`, 'Remove files there.');
  if (bavail * bsize >= freeBytesMin) return sound(check, says);
  return fault(check, `${says} ${Number(gibibytes(freeBytesMin))} GiB is needed.`, fix);
}

/** Where a folder is not there yet, the one in which it will be made. */
export async function nearestFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found || path === dirname(path) ? path : await nearestFolder(dirname(path));
}

async function diskOf(folder: string): Promise<number | undefined> {
  return await stat(folder).then(
    ({ dev }) => dev,
    () => undefined,
  );
}

function gibibytes(bytes: number): string {
  return (bytes / gibibyte).toFixed(bytes < gibibyte ? 2 : 1);
}
