import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { CampaignChanges } from '@cerberusmesh/contract/campaign';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { readKnownCommands } from '../assess/attack/load-rules.ts';
import { createDigester } from '../assess/campaign/digest.ts';
import { foldBatch } from '../assess/campaign/fold-batch.ts';
import { CampaignMemory } from '../assess/campaign/memory.ts';
import { bandHashes } from '../assess/campaign/min-hash.ts';
import { sumShapes } from '../assess/campaign/sum-shapes.ts';
import { loadVisitJudge } from '../assess/load-visit-judge.ts';
import type { VisitJudge } from '../assess/visit/judge-visit.ts';
import type { Clock } from '../kit/clock.ts';
import { createNormalize } from '../normalize/normalize.ts';
import { loadCampaigns, type StoredCampaigns } from '../store/campaign-memory.ts';
import { findMembers, lockFolding, writeCampaigns } from '../store/campaign-writes.ts';
import type { Database } from '../store/database.ts';
import { addShapes } from '../store/shapes.ts';
import {
  eventsMax,
  findUnfolded,
  markFolded,
  readSessionTexts,
  type UnfoldedSession,
} from '../store/unfolded-sessions.ts';
import { shippedFolder } from './learning/model-folder.ts';
import { projectDir } from './project.ts';

/** Small enough that its rows are locked for some tens of ms, large enough that its reads are shared. */
const batchSessions = 200;
/** Of a batch; at 16 KiB each, the longest that are read, this is what one may keep in memory. */
const batchEventsMax = 8_000;
/** While sessions end now and then, and when so many looks have found none. */
const idleMs = { first: 2_000, quiet: 5_000 };
const quietAfter = 10;
/** Cowrie's last words on a session come within a second of its end. */
const quietSeconds = 5;

export interface FoldParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Of a sensor that writes local time. */
  readonly timeZone: string;
  /** Of the version in use; absent: the shipped one. */
  readonly currentVisits?: () => Promise<VisitJudge>;
  /** Told after a batch is durable. */
  readonly onFolded?: (changes: CampaignChanges) => void;
}

export interface FoldReport {
  /** Ended sessions that were folded; 0: nothing is left to do here. */
  readonly sessions: number;
  readonly members: number;
}

/**
 * Folds sessions that ended into campaigns, remembers their shapes and tells who was there and how unlike it was. The row of the session is the queue, so the job
 * exists from the transaction on that ended it; a batch is one transaction, so a kill loses and doubles nothing.
 */
export function createSessionFolder({
  database,
  clock,
  timeZone,
  currentVisits = shippedVisits(),
  onFolded,
}: FoldParts) {
  const normalize = createNormalize(timeZone === 'UTC' ? {} : { timeZone });
  const known = readKnownCommands(join(projectDir, 'policy/attack/known-commands.json'));
  const digest = createDigester((name) => known.has(name));

  return async function foldOnce(): Promise<FoldReport> {
    const quietSince = new Date(clock.now().getTime() - quietSeconds * 1000);
    const sessions = withinEvents(await findUnfolded(database.pool, quietSince, batchSessions));
    if (sessions.length === 0) return { sessions: 0, members: 0 };
    const texts = await readSessionTexts(
      database.pool,
      sessions.filter(({ didSomething }) => didSomething),
    );
    const visits = await currentVisits();
    const inputs = sessions.map((session) => {
      const events = [...readEvents(texts.get(session.id) ?? [])];
      const verdict = events.length === 0 ? null : visits.whole(events, session.reputation);
      return { session: { ...session, verdict }, digest: digest(session.id, events) };
    });
    const done = await database.transaction(async (client) => {
      if (!(await lockFolding(client))) return undefined;
      const free = await markFolded(
        client,
        inputs.map(({ session }) => session),
      );
      const folded = inputs.filter(({ session }) => free.has(session.id));
      // A session that is folded again, because a late event came, was counted and may have its campaign.
      const members = await findMembers(client, [...free]);
      const open = folded.filter(({ session }) => !members.has(session.id));
      const stored = await loadCampaigns(
        client,
        open.map((input) => input.digest),
        bandHashes,
      );
      const found = foldBatch(open, fillMemory(stored), afterAll(stored, clock.now()), randomUUID);
      await addShapes(client, sumShapes(folded.filter(({ session }) => session.isFirst)), bandHashes);
      await writeCampaigns(client, found);
      return { changes: found, sessions: free.size };
    });
    // Another process folds at this moment: as if there were nothing to do.
    if (done === undefined) return { sessions: 0, members: 0 };
    onFolded?.(done.changes);
    return { sessions: done.sessions, members: done.changes.members.length };
  };

  function* readEvents(texts: readonly string[]): Generator<SensorEvent> {
    for (const text of texts) {
      const { line } = normalize({ text, coveredBytes: 0 });
      if (line) yield line.event;
    }
  }
}

function shippedVisits(): () => Promise<VisitJudge> {
  const visits = loadVisitJudge(shippedFolder);
  return async () => visits;
}

/**
 * The lane: batch after batch, and a rest where there is nothing to fold. After a batch it rests for as long as that took:
 * what was done a minute ago may wait, events that come now may not.
 */
export async function keepFolding(
  options: FoldParts & { readonly onFailure: (error: unknown) => void; readonly signal: AbortSignal },
): Promise<void> {
  const { clock, onFailure, signal } = options;
  const foldOnce = createSessionFolder(options);
  let idle = 0;
  while (!signal.aborted) {
    const startedMs = clock.now().getTime();
    const { sessions } = await foldOnce().catch((error: unknown) => {
      onFailure(error);
      return { sessions: 0 };
    });
    idle = sessions === 0 ? idle + 1 : 0;
    const restMs = idle < quietAfter ? idleMs.first : idleMs.quiet;
    await clock.sleep(idle > 0 ? restMs : clock.now().getTime() - startedMs, signal);
  }
}

/** Those that come first, as many as may be read at once; always one. */
function withinEvents(sessions: readonly UnfoldedSession[]): readonly UnfoldedSession[] {
  let events = 0;
  const end = sessions.findIndex((session) => {
    events += Math.min(session.events, eventsMax);
    return events > batchEventsMax;
  });
  return end === -1 ? sessions : sessions.slice(0, Math.max(1, end));
}

function fillMemory(stored: StoredCampaigns): CampaignMemory {
  const memory = new CampaignMemory();
  for (const { id, createdAt, addresses } of stored.campaigns) memory.addCampaign(id, createdAt, addresses);
  for (const what of ['evidence', 'shapes'] as const) {
    for (const { campaignId, id, sessions, witnesses } of stored[what]) {
      const campaign = memory.campaigns.get(campaignId);
      if (campaign) memory.support(campaign, what, id, sessions, witnesses);
    }
  }
  for (const { id, statements, signature } of stored.signatures) {
    memory.addShape(id, statements, Int32Array.from(signature));
  }
  for (const { evidenceId, behaviour, sessions } of stored.behaviours) {
    memory.addBehaviour(evidenceId, behaviour, sessions);
  }
  for (const { campaignId, address } of stored.addresses) memory.campaigns.get(campaignId)?.knownAddresses.add(address);
  for (const { olderId, youngerId, address } of stored.bridges) memory.addBridge(olderId, youngerId, address);
  return memory;
}

/** A campaign that is found now is younger than all that are stored, whatever the clocks say. */
function afterAll({ campaigns }: StoredCampaigns, now: Date): Date {
  return new Date(
    campaigns.reduce((latest, { createdAt }) => Math.max(latest, createdAt.getTime() + 1), now.getTime()),
  );
}
