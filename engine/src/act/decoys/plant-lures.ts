import type { ActJob, AdaptationChange, NewAdaptation, StoredAdaptation } from '@cerberusmesh/contract/adaptation';
import type { AdaptationType } from '@cerberusmesh/contract/decision';
import type { Clock } from '../../kit/clock.ts';
import { sha256 } from '../cowrie/hot-file.ts';
import { lureBook } from '../cowrie/lures/book.ts';
import { renderLure } from '../cowrie/lures/render.ts';
import type { ActOutcome } from '../runner.ts';
import type { RunningDecoy } from './decoy-process.ts';

export interface PlantLuresOptions {
  readonly store: {
    findByDecision(decisionId: string, actionType: AdaptationType): Promise<StoredAdaptation | undefined>;
    insert(adaptation: NewAdaptation): Promise<StoredAdaptation>;
    change(id: string, change: AdaptationChange): Promise<void>;
  };
  /** Undefined while it is not up. */
  readonly decoy: (sensor: string) => Pick<RunningDecoy, 'plant' | 'hostname'> | undefined;
  readonly clock: Clock;
  readonly dryRun: boolean;
  readonly deadlineSeconds: number;
}

/**
 * Carries `insert_trap` out in our own decoy: the lure appears in the world of the attacker whom the decision is about,
 * in the session that he has open too. Written down before, with its secrets, so that a touch is always recognised.
 * It stays: he has seen it, and a file that vanishes again would tell him.
 */
export function createPlantLures({ store, decoy, clock, dryRun, deadlineSeconds }: PlantLuresOptions) {
  return async function plantLures(job: ActJob, signal: AbortSignal): Promise<readonly ActOutcome[]> {
    const outcomes: ActOutcome[] = [];
    // A banner or a persona is no file; where a rule wants a lure too, that is planted and nothing is said of the rest.
    const lures = job.adaptations.filter((wanted) => lureBook.lures.some(({ name }) => name === wanted));
    for (const actionType of lures.length > 0 ? lures : job.adaptations) {
      const known = await store.findByDecision(job.decisionId, actionType);
      // A kill in between: whether it was planted is not known, and planting it again with other secrets would double it.
      if (known) outcomes.push(await endUnfinished(known));
      else outcomes.push(await plantOne(job, actionType, signal));
    }
    return outcomes;
  };

  async function plantOne(job: ActJob, actionType: AdaptationType, signal: AbortSignal): Promise<ActOutcome> {
    const running = decoy(job.sensor);
    const template = lureBook.lures.find(({ name }) => name === actionType);
    const address = job.sourceIp;
    if (!running) return await record(job, actionType, 'failed', 'Our decoy is not up.');
    if (!template)
      return await record(job, actionType, 'failed', `${actionType} is no lure that can appear in a running session.`);
    if (address === null) return await record(job, actionType, 'failed', 'The decision names no attacker.');
    const { files, lures } = renderLure(template, { hostname: running.hostname, domain: 'internal' });
    const wanted = files.map(({ file, text }) => ({
      path: file.path.replace(/^~/, '/root'),
      content: Buffer.from(text).toString('base64'),
      mode: Number.parseInt(file.mode, 8),
      ageDays: file.ageDays,
      sha256: sha256(Buffer.from(text)),
    }));
    const row = await store.insert({
      ...causeOf(job),
      actionType,
      status: dryRun ? 'dry_run' : 'planned',
      old: null,
      new: { files: wanted.map(({ path, content, sha256: hash }) => ({ path, content, sha256: hash })) },
      details: { path: wanted[0]?.path ?? '', attacker: address },
      lures: dryRun ? [] : lures.map((lure) => ({ ...lure, path: lure.path.replace(/^~/, '/root') })),
      error: null,
      expiresAt: null,
    });
    if (dryRun) return outcomeOf(row);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(deadlineSeconds * 1000)]);
    try {
      const orders = wanted.map(({ sha256: _, ...file }) => file);
      const planted = await running.plant({ address, files: orders }, limit);
      const sights = planted.sights.map((sight) => {
        const file = wanted.find(({ path }) => path === sight.path);
        const verified =
          file?.sha256 === sight.sha256 && Buffer.from(file.content, 'base64').length === sight.sizeShown;
        return {
          path: sight.path,
          verified,
          why: verified ? 'cat and stat show it whole' : 'a shell there shows something else',
          saw: '',
        };
      });
      const verified = sights.length > 0 && sights.every((sight) => sight.verified);
      const why = verified
        ? "A shell in the attacker's world shows it."
        : "A shell in the attacker's world does not show it.";
      return await end(row, {
        status: verified ? 'verified' : 'failed',
        success: verified,
        appliedAt: clock.now(),
        ...(verified ? { verifiedAt: clock.now() } : { error: why }),
        verification: {
          verified,
          looked: true,
          why,
          sights,
          at: clock.now().toISOString(),
          tookMs: Math.round(planted.plantedMs),
        },
      });
    } catch (error) {
      return await end(row, {
        status: 'failed',
        success: false,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }

  async function endUnfinished(row: StoredAdaptation): Promise<ActOutcome> {
    if (row.status !== 'planned') return outcomeOf(row);
    return await end(row, { status: 'failed', success: false, error: 'The program ended while it was being planted.' });
  }

  async function record(job: ActJob, actionType: AdaptationType, status: 'failed', error: string): Promise<ActOutcome> {
    const nothing = { old: null, new: null, details: {}, lures: [], expiresAt: null };
    return outcomeOf(await store.insert({ ...causeOf(job), ...nothing, actionType, status, error }));
  }

  async function end(row: StoredAdaptation, change: AdaptationChange): Promise<ActOutcome> {
    await store.change(row.id, change);
    return outcomeOf({ ...row, status: change.status ?? row.status, error: change.error ?? null });
  }
}

function causeOf({ decisionId, sensor, sessionId, sourceIp, severity, reason }: ActJob) {
  return { decisionId, sensor, sessionId, sourceIp, severity, reason };
}

function outcomeOf({
  id,
  sensor,
  actionType,
  status,
  error,
}: Pick<StoredAdaptation, 'id' | 'sensor' | 'actionType' | 'status' | 'error'>): ActOutcome {
  return { id, sensor, actionType, status, error };
}
