import type { SessionState } from '@cerberusmesh/contract/assessment';
import type {
  Assess,
  AssessAhead,
  AssessedLine,
  BatchResult,
  BatchWrite,
  NewJob,
  Normalize,
  NormalizedLine,
  PrepareWrite,
  SessionChange,
  SourceIdentity,
} from '@cerberusmesh/contract/between-stages';
import type { Decision } from '@cerberusmesh/contract/decision';
import type { LineBatch, ParkedLine, RawLine } from '@cerberusmesh/contract/raw-line';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { forEachBreathing } from './kit/breathe.ts';
import { createSessionMemory, type SessionDraft } from './session-memory.ts';

/** The stages in the order of the data. `main.ts` builds them; nothing here knows how they are made. */
export interface Stages {
  readonly normalize: Normalize;
  readonly findStored: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly loadSessions: (keys: readonly string[]) => Promise<ReadonlyMap<string, SessionState>>;
  readonly startSession: (event: SensorEvent) => SessionState;
  readonly assess: Assess;
  /** Where a service assesses, instead of `assess`. */
  readonly assessAhead?: AssessAhead;
  /** Looks for our own lures in an event; absent where none are known. */
  readonly trip?: (event: SensorEvent, told: ReturnType<Assess>) => Tripped;
  readonly isProbe: (event: SensorEvent) => boolean;
  /** Lines of watched attackers are kept byte for byte; absent where nobody is watched. */
  readonly isWatched?: (event: SensorEvent) => boolean;
  /** Finds what `decide` will ask of the addresses of a batch, while the batch's other looks are under way. */
  readonly recallAttackers?: (addresses: readonly string[]) => Promise<void>;
  /** About the sessions of one batch; absent where the source is history, about which nothing is decided. */
  readonly decide?: (changes: readonly SessionChange[]) => readonly Decision[];
  /**
   * Does what of writing needs no database, so that it is done while the batch before this one is being stored; the
   * function that it gives back writes, in one transaction, as often as it is called.
   */
  readonly prepareWrite: PrepareWrite;
  /** Jobs for the slow lane that follow from the sessions of one batch, such as having a model read one. */
  readonly follow?: (changes: readonly SessionChange[]) => readonly NewJob[];
  /** Told when these jobs are durable; a batch that is tried again asks for its jobs again. */
  readonly followed?: (jobs: readonly NewJob[]) => void;
  /** Told after the batch is durable. */
  readonly publish: (result: PublishedBatch) => void;
  /** Told of an event that assess threw at: a bug of ours, which must cost this event its assessment and nothing else. */
  readonly assessFailed: (event: SensorEvent, error: unknown) => void;
  /** Told how many of a batch's sessions were in memory, and how many were not. */
  readonly sessionsLookedUp?: (hits: number, misses: number) => void;
}

/** The fast lane. What takes long (actions, the LLM) is a job that the store queues in the transaction of its cause. */
export interface Pipeline {
  /** Lines in, durable events out. Returns once the batch is stored; only then may the source read on. */
  onLines(batch: LineBatch, source: SourceIdentity): Promise<BatchReport>;
  /**
   * The two halves of `onLines`, for a backfill: further batches may be assessed, in their order, while this one is being
   * stored. An assessed batch is either stored or dropped: until then its lines count as stored when they come again.
   * Of one whose lines were let go nothing is published, and a value that the database refuses fails it.
   */
  assessLines(batch: LineBatch, source: SourceIdentity): Promise<AssessedBatch>;
  storeLines(batch: AssessedBatch): Promise<BatchReport>;
  dropLines(batch: AssessedBatch): void;
  /** To be called where somebody else changed stored sessions: what is remembered of them is read anew. */
  forgetSessions(): void;
}

/**
 * The stages as one pipeline. Batches of one session must come in their order; what is remembered of sessions may be
 * cold at any time.
 */
export function createPipeline(stages: Stages): Pipeline {
  const memory = createSessionMemory(stages.loadSessions, stages.sessionsLookedUp);
  /** The ids of each batch that is assessed and not stored yet. */
  const underWay = new Set<ReadonlySet<string>>();
  /** Sources that are read forward: of their last batch nothing was stored before. */
  const forward = new Set<string>();

  /**
   * A source that is read forward brings what is new, so it is not asked for, which is a round trip of every live batch;
   * the table's key refuses a batch that holds what is stored. That batch, or one that failed otherwise, is looked up.
   */
  async function onLines(batch: LineBatch, source: SourceIdentity): Promise<BatchReport> {
    if (forward.delete(source.sourceId)) {
      const assessed = await assess(batch, source, findNothing);
      const written = await write(assessed).catch(() => undefined);
      if (written) {
        forward.add(source.sourceId);
        return tell(assessed, written);
      }
    }
    const report = await storeLines(await assess(batch, source, stages.findStored));
    if (report.duplicate === 0) forward.add(source.sourceId);
    return report;
  }

  function assessLines(batch: LineBatch, source: SourceIdentity): Promise<AssessedBatch> {
    return assess(batch, source, stages.findStored);
  }

  async function assess(
    batch: LineBatch,
    source: SourceIdentity,
    findStored: Stages['findStored'],
  ): Promise<AssessedBatch> {
    const { lines, parked, blankBytes } = await readLines(batch.lines, stages);
    const [{ fresh, ids, duplicates }] = await Promise.all([
      setDuplicatesAside(lines, underWay, findStored),
      memory.recall(lines),
      stages.recallAttackers?.(lines.flatMap(({ event }) => event.sourceIp ?? [])),
    ]);
    // A connection whose beginning is stored already, and came again with lines that are not, is one to be looked up.
    if (duplicates.lines > 0) await memory.recall(fresh);
    const draft = memory.draft();
    const probes = findProbes(fresh, stages.isProbe);
    const assessed: AssessedLine[] = [];
    const events = fresh.map((line) => line.event);
    const asking = { ...stages, assess: (await stages.assessAhead?.(events, draft.find)) ?? stages.assess };
    await forEachBreathing(fresh, (line) => assessed.push(assessLine(line, draft, probes, asking)));
    const changes = stages.decide || stages.follow ? findChanges(assessed, draft) : [];
    const decisions = stages.decide?.(changes) ?? [];
    const jobs = stages.follow?.(changes) ?? [];
    draft.keep();
    underWay.add(ids);
    const { position, from, readBytes, feed } = batch;
    const states = draft.changed;
    const follows = { states, decisions, jobs, position, from, readBytes, feed };
    const whole = { source, lines: assessed, duplicates, blankBytes, parked, ...follows };
    return {
      source,
      decisions,
      ids,
      duplicates: duplicates.lines,
      parked: parked.length,
      latestEventEpochMs: assessed.at(-1)?.event.epochMs,
      write: await stages.prepareWrite(whole).catch(forget),
      whole,
    };
  }

  async function storeLines(batch: AssessedBatch): Promise<BatchReport> {
    return tell(batch, await write(batch));
  }

  async function write(batch: AssessedBatch): Promise<BatchResult> {
    const written = await batch.write(batch.whole).catch(forget);
    dropLines(batch);
    return written;
  }

  function tell(batch: AssessedBatch, { stored, refused }: BatchResult): BatchReport {
    const { source, ids, decisions, duplicates, parked, latestEventEpochMs, whole } = batch;
    if (whole) {
      stages.followed?.(whole.jobs ?? []);
      stages.publish({ source, stored, decisions });
    }
    return { stored: ids.size - refused, duplicate: duplicates, parked: parked + refused, latestEventEpochMs };
  }

  function dropLines({ ids }: AssessedBatch): void {
    underWay.delete(ids);
  }

  /** What was remembered is not what is stored: it is rebuilt from there. */
  function forget(error: unknown): never {
    memory.forget();
    underWay.clear();
    throw error;
  }

  return {
    assessLines,
    storeLines,
    dropLines,
    forgetSessions: memory.forget,
    onLines,
  };
}

const nothingStored: ReadonlySet<string> = new Set();
const findNothing = () => Promise.resolve(nothingStored);

/** What is left to store is encoded, so its lines may go: in a backfill they are most of what lives in memory. */
export function letGoOfLines({ whole: _, ...batch }: AssessedBatch): AssessedBatch {
  return batch;
}

async function readLines(raw: readonly RawLine[], { normalize, isWatched }: Stages) {
  const lines: NormalizedLine[] = [];
  const parked: ParkedLine[] = [];
  let blankBytes = 0;
  await forEachBreathing(raw, (line) => {
    if (line.text === '' && !line.unreadable) {
      blankBytes += line.coveredBytes;
      return;
    }
    const reading = normalize(line);
    if (reading.line) lines.push(isWatched?.(reading.line.event) ? withBytes(reading.line, line) : reading.line);
    parked.push(...reading.parked);
  });
  return { lines, parked, blankBytes };
}

function withBytes(read: NormalizedLine, { text, bytes }: RawLine): NormalizedLine {
  return { ...read, rawBytes: read.rawBytes ?? bytes ?? Buffer.from(text, 'utf8') };
}

/** An event is what its line says: the same line again, in this batch or in any file ever read, is a duplicate. */
async function setDuplicatesAside(
  lines: readonly NormalizedLine[],
  underWay: Iterable<ReadonlySet<string>>,
  findStored: Stages['findStored'],
) {
  // Listed before the wait: while it lasts, a batch may be stored and be under way no more.
  const known = [...underWay];
  const stored = await findStored(lines.map((line) => line.event.id));
  if (stored.size > 0) known.push(stored);
  const ids = new Set<string>();
  const duplicates = { lines: 0, bytes: 0 };
  const fresh = lines.filter(({ event: { id }, coveredBytes }) => {
    if (!ids.has(id) && !known.some((others) => others.has(id))) return ids.add(id);
    duplicates.lines++;
    duplicates.bytes += coveredBytes;
    return false;
  });
  return { fresh, ids, duplicates };
}

/** Our probe shows itself in its second line, so the batch is searched before its first line is counted. */
function findProbes(lines: readonly NormalizedLine[], isProbe: Stages['isProbe']): ReadonlySet<string> {
  return new Set(lines.filter((line) => isProbe(line.event)).map(({ sessionKey }) => sessionKey ?? ''));
}

function assessLine(
  line: NormalizedLine,
  draft: SessionDraft,
  probes: ReadonlySet<string>,
  stages: Stages,
): AssessedLine {
  const key = line.sessionKey;
  const before = draft.find(key) ?? stages.startSession(line.event);
  const probe = before.probe || (key !== undefined && probes.has(key));
  const told = assessOrSkip(line.event, before, stages);
  const tripped: Tripped = (probe ? undefined : stages.trip?.(line.event, told)) ?? told;
  const { assessment, session, touches, lureReads } = tripped;
  if (key !== undefined) draft.remember(key, probe ? { ...session, probe } : session);
  const assessed = { ...line, assessment, probe };
  // Nearly no line has either, and a spread of what may be absent costs as much as the rest of this.
  if (touches === undefined && lureReads === undefined) return assessed;
  return { ...assessed, ...(touches && { touches }), ...(lureReads && { lureReads }) };
}

function assessOrSkip(event: SensorEvent, before: SessionState, { assess, assessFailed }: Stages): ReturnType<Assess> {
  try {
    return assess(event, before);
  } catch (error) {
    assessFailed(event, error);
    return { assessment: null, session: before };
  }
}

/** For each session of the batch its gravest event: that is what a decision is about. */
function findChanges(lines: readonly AssessedLine[], draft: SessionDraft): SessionChange[] {
  const gravest = new Map<string, AssessedLine>();
  for (const line of lines) {
    const key = line.sessionKey;
    if (key === undefined || line.probe || !line.assessment) continue;
    const known = gravest.get(key)?.assessment;
    if (!known || line.assessment.threatScore > known.threatScore) gravest.set(key, line);
  }
  return [...gravest].flatMap(([key, { event, assessment }]) => {
    const session = draft.find(key);
    return session && assessment ? [{ event, assessment, session }] : [];
  });
}

/** A batch on its way from assess to the store. */
export interface AssessedBatch {
  readonly source: SourceIdentity;
  readonly decisions: readonly Decision[];
  readonly ids: ReadonlySet<string>;
  readonly duplicates: number;
  readonly parked: number;
  readonly latestEventEpochMs: number | undefined;
  readonly write: Awaited<ReturnType<PrepareWrite>>;
  /** Absent where its lines were let go. */
  readonly whole?: BatchWrite;
}

/** An assessment that a lure raised, where one was used. */
export type Tripped = ReturnType<Assess> & Pick<AssessedLine, 'touches' | 'lureReads'>;

export interface PublishedBatch {
  readonly source: SourceIdentity;
  readonly stored: readonly AssessedLine[];
  readonly decisions: readonly Decision[];
}

export interface BatchReport {
  readonly stored: number;
  readonly duplicate: number;
  readonly parked: number;
  readonly latestEventEpochMs: number | undefined;
}
