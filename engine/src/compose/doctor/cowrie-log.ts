import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Finding } from '@cerberusmesh/contract/doctor';
import { z } from 'zod';
import type { Config } from '../../config.ts';
import type { Clock } from '../../kit/clock.ts';
import { reasonOf } from '../../kit/reason-of.ts';
import { createTimestampReader, createZoneShift } from '../../normalize/timestamp.ts';
import { closedFolder, enterFix } from './closed-folder.ts';
import { fault, off, sound } from './finding.ts';

/** Cowrie 3 writes an input of a mebibyte as 12.5 MB; a tail without a whole line is then no reason for a fault. */
const tailBytes = 256 * 1024;
const quarterMs = 15 * 60_000;
const utcFix = 'Start Cowrie with TZ=UTC in its environment, or name its zone in CERBERUS_TIMEZONE.';

/** Whether Cowrie's log is there, may be read, and tells the right time. */
export async function checkCowrieLog(config: Config, clock: Clock): Promise<readonly Finding[]> {
  const check = 'cowrie log';
  const path = config.cowrie.logPath;
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) return [await explainAbsence(config, found)];
  if (!found.isFile()) return [fault(check, `${path} is no file.`, "Set COWRIE_LOG_PATH to Cowrie's cowrie.json.")];
  const tail = await readTail(path, found.size).catch((error: unknown) => ({ why: reasonOf(error) }));
  if (typeof tail !== 'string') return [fault(check, `${path} cannot be read: ${tail.why}.`, letInFix(path))];
  const minutes = Math.max(0, Math.round((clock.now().getTime() - found.mtimeMs) / 60_000));
  return [
    sound(check, `${path} can be read; last written ${minutes} min ago.`),
    checkZone(config, tail, found.mtimeMs),
  ];
}

async function explainAbsence({ cowrie, decoy, origins }: Config, error: NodeJS.ErrnoException): Promise<Finding> {
  const check = 'cowrie log';
  if (error.code === 'EACCES') {
    const closed = (await closedFolder(cowrie.logPath)) ?? dirname(cowrie.logPath);
    return fault(check, `${cowrie.logPath} is behind ${closed}, which is closed to this user.`, enterFix(closed));
  }
  const isGiven = origins['cowrie.logPath'] !== undefined;
  if (!isGiven && decoy.enabled) {
    return off(check, 'No Cowrie is named (COWRIE_LOG_PATH), and none is at the usual place; our own decoy serves.');
  }
  return fault(
    check,
    `There is no ${cowrie.logPath}.`,
    'Set COWRIE_LOG_PATH to the cowrie.json of a Cowrie that has started.',
  );
}

function letInFix(path: string): string {
  return `Let the engine's user in: usermod -aG cowrie USER, chmod g+rx ${dirname(path)}, chmod g+r ${path}`;
}

/** The last bytes of a file. */
async function readTail(path: string, size: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const length = Math.min(size, tailBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

const Stamped = z.object({ timestamp: z.string(), epoch: z.number().optional() });

/**
 * What the last line says, read in the configured zone, against its epoch, which is always right, or else against when the
 * file was written. Zones differ by quarters of an hour, so that an old file that was copied is not taken for one.
 */
function checkZone({ cowrie }: Config, tail: string, writtenMs: number): Finding {
  const check = 'cowrie zone';
  const line = lastStamped(tail);
  const said = line && createTimestampReader(createZoneShift(cowrie.timezone))(line.timestamp)?.epochMs;
  if (line === undefined || said === undefined) return off(check, 'The log has no line yet that tells the time.');
  const differenceMs = said - (line.epoch ?? writtenMs);
  const quarters = Math.round(differenceMs / quarterMs);
  const isZone = quarters !== 0 && Math.abs(quarters) <= 56 && Math.abs(differenceMs - quarters * quarterMs) < 60_000;
  if (!isZone) return sound(check, `Its time stamps are right as ${cowrie.timezone}.`);
  return fault(check, `Its time stamps are ${quarters / 4} h off from ${cowrie.timezone}.`, utcFix);
}

function lastStamped(tail: string): z.infer<typeof Stamped> | undefined {
  for (const text of tail.split('\n').reverse()) {
    try {
      const line = Stamped.safeParse(JSON.parse(text)).data;
      if (line) return line;
    } catch {
      // The first line of the tail is cut, and the last one may be half written.
    }
  }
  return undefined;
}
