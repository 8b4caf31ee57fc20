import { Readable } from 'node:stream';
import { archivePassword } from '@cerberusmesh/contract/api-artifacts';
import type { ArtifactSighting } from '@cerberusmesh/contract/artifact';
import { sensorOfSource } from '@cerberusmesh/contract/mesh';
import type { AskSensor } from '../act/remote/order-book.ts';
import { bringArtifact, honeypotFolder } from '../collect/artifacts/bring-artifact.ts';
import { type CastPart, type Screen, toAsciicast } from '../collect/artifacts/to-asciicast.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Artifacts } from '../serve/routes/artifacts.ts';
import { createArtifactStore, type Unkept } from '../store/artifacts.ts';
import type { Database } from '../store/database.ts';
import type { Queries } from '../store/read/queries.ts';
import type { SettingsStore } from '../store/settings.ts';
import { createArtifactVault } from './artifact-vault.ts';
import { fetchArtifact } from './mesh/fetch-artifact.ts';
import { createSensorArtifacts } from './mesh/sensor-artifacts.ts';
import { zipLocked } from './zip-locked.ts';

/** While something comes now and then, and when so many looks have found nothing. */
const idleMs = { first: 2_000, quiet: 5_000 };
const quietAfter = 10;
/** A look for what waits costs more than what it finds, while thousands wait. */
const atOnce = 200;
const lockSeconds = 120;
const forgetMs = 3_600_000;
const dayMs = 86_400_000;
/** Cowrie tells of a file a moment before or after it names it, and a folder may be mounted late; then it is not there. */
const waitsSeconds = [2, 10, 60, 600];
/** An event of the past is not waited for: its file is there or it is not. */
const freshMs = 3_600_000;

/** Brings in what sessions left beside their events, and gives it out again: recordings to see, files locked away. */
export function composeArtifacts(parts: {
  readonly config: Config;
  readonly database: Database;
  readonly queries: Pick<Queries, 'listArtifacts' | 'findRecordings'>;
  readonly settings: Pick<SettingsStore, 'current'>;
  readonly installKey: Uint8Array;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly askSensor: AskSensor;
}): { readonly artifacts: Artifacts; run(signal: AbortSignal): Promise<void> } {
  const { config, database, queries, settings, installKey, clock, log, askSensor } = parts;
  const { fileBytesMax, bytesMax } = config.artifacts;
  const store = createArtifactStore(database, bytesMax);
  const vault = createArtifactVault({ masterKey: config.state.masterKey, installKey, contentBytesMax: fileBytesMax });
  const ofSensors = createSensorArtifacts({
    dayBytesMax: bytesMax / 4,
    now: clock.now,
    bring: bringFromSensor,
    settle: store.settle,
    onFailure: tellFailure,
  });
  let forgotAtMs = 0;

  return {
    artifacts: { list: queries.listArtifacts, openRecording, openArchive },
    async run(signal) {
      let idle = 0;
      while (!signal.aborted) {
        const found = await round().catch((error: unknown) => {
          tellFailure(error);
          return 0;
        });
        idle = found === 0 ? idle + 1 : 0;
        if (found < atOnce) await clock.sleep(idle < quietAfter ? idleMs.first : idleMs.quiet, signal);
      }
    },
  };

  function tellFailure(error: unknown): void {
    log.warn({ err: error }, 'Recordings and files of sessions could not be brought in; it is tried again.');
  }

  async function round(): Promise<number> {
    await forget();
    const waiting = await store.takeWaiting(atOnce, lockSeconds);
    const unkept: Unkept[] = [];
    for (const sighting of waiting) {
      const sensor = sensorOfSource(sighting.logPath);
      unkept.push(...(sensor === undefined ? await bring(sighting) : ofSensors.take(sensor, sighting)));
    }
    await store.settle(unkept);
    return waiting.length;
  }

  /** Keeps it, or gives why not. */
  async function bring(sighting: ArtifactSighting): Promise<readonly Unkept[]> {
    if (await store.linkKnown(sighting)) return [];
    const folder = folderOf(sighting.logPath);
    return (await keep(sighting, await bringArtifact(sighting, { folder, bytesMax: fileBytesMax }))).unkept;
  }

  async function bringFromSensor(sensor: string, sighting: ArtifactSighting) {
    if (await store.linkKnown(sighting)) return { bytes: 0, unkept: [] };
    return await keep(sighting, await fetchArtifact(askSensor, { sensor, sighting, bytesMax: fileBytesMax }));
  }

  async function keep(sighting: ArtifactSighting, outcome: Awaited<ReturnType<typeof bringArtifact>>) {
    const { eventId } = sighting;
    if (outcome.kind === 'refused') {
      const { state, why } = outcome.reason;
      const waitSeconds = waitsSeconds[sighting.attempts - 1];
      const isFresh = clock.now().getTime() - sighting.seenAt.getTime() < freshMs;
      const isTriedAgain = state === 'missing' && isFresh && waitSeconds !== undefined;
      const unkept: Unkept = isTriedAgain
        ? { eventId, why, state: null, waitSeconds }
        : { eventId, why, state, waitSeconds: null };
      return { bytes: 0, unkept: [unkept] };
    }
    const { form, sha256, content } = outcome.value;
    const sealed = await vault.seal(sha256, content);
    if (sealed.length > bytesMax) {
      const unkept: Unkept = { eventId, why: 'It has no room.', state: 'too_large', waitSeconds: null };
      return { bytes: 0, unkept: [unkept] };
    }
    const kind = sighting.kind === 'recording' ? 'recording' : 'payload';
    await store.keep(sighting, { sha256, kind, form, sizeBytes: content.length, sealed });
    return { bytes: sealed.length, unkept: [] };
  }

  function folderOf(logPath: string): string | undefined {
    return (logPath === config.cowrie.logPath ? config.cowrie.dir : null) ?? honeypotFolder(logPath);
  }

  async function forget(): Promise<void> {
    const nowMs = clock.now().getTime();
    const { CERBERUS_RETENTION_DAYS: retentionDays } = settings.current();
    if (retentionDays === null || nowMs - forgotAtMs < forgetMs) return;
    forgotAtMs = nowMs;
    await store.forgetBefore(new Date(nowMs - retentionDays * dayMs));
  }

  async function openRecording(sessionId: string, sensor: string | undefined): Promise<Readable | undefined> {
    const found = await queries.findRecordings(sessionId, sensor);
    if (found === undefined || found.recordings.length === 0) return undefined;
    const castParts: CastPart[] = [];
    let bytes = 0;
    for (const { sha256, form, is_repeat } of found.recordings) {
      const content = await openContent(sha256);
      bytes += content?.length ?? 0;
      // More than one whole recording in memory would let one session of many channels fill it.
      if (content && bytes <= 2 * fileBytesMax) castParts.push({ form, content, isRepeat: is_repeat });
    }
    return Readable.from(inChunks(toAsciicast(castParts, screenOf(found.screen), new Date(found.start_time))));
  }

  async function openArchive(sha256: string): Promise<Buffer | undefined> {
    const content = await openContent(sha256);
    return content && (await zipLocked(sha256, content, archivePassword));
  }

  async function openContent(sha256: string): Promise<Buffer | undefined> {
    const sealed = await store.findSealed(sha256);
    return sealed && (await vault.open(sha256, sealed));
  }
}

const chunkTextLength = 65_536;

/** A recording is a hundred thousand short lines; each on its own would cost a turn of the event loop. */
function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < chunkTextLength) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** A terminal's size comes from the visitor. */
function screenOf(told: { readonly width: unknown; readonly height: unknown } | null): Screen {
  return { width: cells(told?.width, 80), height: cells(told?.height, 24) };
}

function cells(told: unknown, usual: number): number {
  return typeof told === 'number' && Number.isInteger(told) && told >= 10 && told <= 500 ? told : usual;
}
