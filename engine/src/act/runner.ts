import type { ActJob, AdaptationChange, NewAdaptation, StoredAdaptation } from '@cerberusmesh/contract/adaptation';
import type { AdaptationStatus, AdaptationType, Decision } from '@cerberusmesh/contract/decision';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Clock } from '../kit/clock.ts';
import { type ActSensor, createSteps, sentenceOf } from './carry-out.ts';
import type { Plan } from './cowrie/adaptations/adaptation.ts';
import { adaptationOf } from './cowrie/adaptations/registry.ts';
import { openPreparedCowrie, type PreparedCowrie } from './cowrie/prepared-cowrie.ts';
import type { Probe } from './cowrie/probe.ts';

/** What act needs of the store. */
export interface AdaptationStore {
  /** Runs `work` while nobody else, in any process, changes this sensor. */
  withSensor<T>(sensor: string, work: () => Promise<T>): Promise<T>;
  find(id: string): Promise<StoredAdaptation | undefined>;
  findByDecision(decisionId: string, actionType: AdaptationType): Promise<StoredAdaptation | undefined>;
  /** Stores it with its lures, in one transaction. */
  insert(adaptation: NewAdaptation): Promise<StoredAdaptation>;
  change(id: string, change: AdaptationChange): Promise<void>;
  /** Planned and not carried out, or applied and never looked at; oldest first. */
  listUnfinished(): Promise<readonly StoredAdaptation[]>;
  /** Standing ones whose time is over; newest first, because they lie on top of each other. */
  listExpired(now: Date): Promise<readonly StoredAdaptation[]>;
}

/** Named events of this stage. */
export interface ActLog {
  adaptationEnded(outcome: ActOutcome): void;
}

export interface ActOutcome {
  readonly id: string;
  readonly sensor: string;
  readonly actionType: AdaptationType;
  readonly status: AdaptationStatus;
  readonly error: string | null;
}

/** `refused`: it does not stand, or the honeypot's file was changed by somebody else; `explanation` says it. */
export type RollbackOutcome =
  | { readonly kind: 'rolled_back' }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'refused'; readonly explanation: string };

export interface ActionRunnerOptions {
  readonly store: AdaptationStore;
  /** The Cowrie that writes under this name; undefined where none of ours does. */
  readonly findSensor: (sensor: string) => ActSensor | undefined;
  readonly probe: Probe;
  readonly clock: Clock;
  /** Records what would be done and touches nothing. */
  readonly dryRun: boolean;
  readonly log: ActLog;
  /** How long an adaptation stands before `expire` takes it back; a week unless told. */
  readonly lifetimeSeconds?: number;
  /** For one adaptation with its verification; half a minute unless told. */
  readonly deadlineSeconds?: number;
}

export interface ActionRunner {
  /**
   * Carries out what was decided, or finishes what a kill left of it; the same job may be run again. What goes wrong is
   * recorded and not thrown, but for a store that is away, which can record nothing.
   */
  run(job: ActJob, signal: AbortSignal): Promise<readonly ActOutcome[]>;
  rollback(adaptationId: string): Promise<RollbackOutcome>;
  /** For the start: finishes what a killed process began, and looks where it had not looked yet. */
  recover(signal: AbortSignal): Promise<readonly ActOutcome[]>;
  /** For now and then: takes back what has stood for its time, and gives how many were. */
  expire(): Promise<number>;
}

/** The job of the act stage that follows from a decision. */
export function actJobOf(decision: Decision): ActJob {
  const { id, adaptations: wanted, sensor, sessionId, sourceIp, severity, why } = decision;
  return { decisionId: id, adaptations: wanted, sensor, sessionId, sourceIp, severity, reason: why };
}

/** Owns dry run, deadline, record and verification of every adaptation; an adaptation itself only knows its files. */
export function createActionRunner(options: ActionRunnerOptions): ActionRunner {
  const { store, findSensor, probe, clock, dryRun, log, lifetimeSeconds = 7 * 86_400, deadlineSeconds = 30 } = options;
  const steps = createSteps({ change: store.change, probe, clock, deadlineSeconds });

  async function run(job: ActJob, signal: AbortSignal): Promise<readonly ActOutcome[]> {
    const outcomes: ActOutcome[] = [];
    for (const actionType of job.adaptations) {
      if (signal.aborted) break;
      const row = await store.withSensor(job.sensor, () => runOne(job, actionType, signal));
      outcomes.push(told(row));
    }
    return outcomes;
  }

  async function runOne(job: ActJob, actionType: AdaptationType, signal: AbortSignal): Promise<StoredAdaptation> {
    const begun = await store.findByDecision(job.decisionId, actionType);
    if (begun) return await goOn(begun, signal);
    const opened = await openSensor(job.sensor);
    if (typeof opened === 'string') return await record(job, actionType, 'failed', opened);
    const { at, cowrie } = opened;
    if (!dryRun) await finishPlanned(job.sensor, signal);
    const plan = await planFor(actionType, cowrie);
    if (typeof plan === 'string') return await record(job, actionType, 'failed', plan);
    if (dryRun) return await record(job, actionType, 'dry_run', { ...plan, lures: [] });
    return await steps.carryOut(await record(job, actionType, 'planned', plan), at, cowrie, signal);
  }

  /** A half-made change must not become the old content of the next one, which could then never be taken back whole. */
  async function finishPlanned(sensor: string, signal: AbortSignal): Promise<void> {
    for (const row of await store.listUnfinished()) {
      if (row.sensor === sensor && row.status === 'planned') told(await goOn(row, signal));
    }
  }

  /** What is neither planned nor waiting for a look has ended, and stays as it ended. */
  async function goOn(row: StoredAdaptation, signal: AbortSignal): Promise<StoredAdaptation> {
    if (!isUnfinished(row)) return row;
    const opened = await openSensor(row.sensor);
    if (typeof opened === 'string') return row;
    const { at, cowrie } = opened;
    if (row.status === 'planned') return await steps.carryOut(row, at, cowrie, signal);
    return await steps.verify(row, at, cowrie, AbortSignal.any([signal, AbortSignal.timeout(deadlineSeconds * 1000)]));
  }

  async function openSensor(sensor: string): Promise<{ at: ActSensor; cowrie: PreparedCowrie } | string> {
    const at = findSensor(sensor);
    if (!at)
      return notPrepared(`No folder is known for the Cowrie that writes as "${sensor}"; set CERBERUS_COWRIE_DIR.`);
    try {
      const opened = await (at.remote?.open() ?? openPreparedCowrie(at.cowrieDir, at.restart));
      if (opened.kind === 'ok') return { at, cowrie: opened.value };
      return notPrepared(opened.reason);
    } catch (error) {
      return sentenceOf(error);
    }
  }

  async function record(
    job: ActJob,
    actionType: AdaptationType,
    status: NewAdaptation['status'],
    what: Plan | string,
  ): Promise<StoredAdaptation> {
    const plan = typeof what === 'string' ? { old: null, new: null, details: {}, lures: [] } : what;
    const error = typeof what === 'string' ? what : null;
    const expiresAt = status === 'planned' ? new Date(clock.now().getTime() + lifetimeSeconds * 1000) : null;
    const { decisionId, sensor, sessionId, sourceIp, severity, reason } = job;
    const cause = { decisionId, sensor, sessionId, sourceIp, severity, reason };
    return await store.insert({ ...cause, ...plan, actionType, status, error, expiresAt });
  }

  async function rollback(adaptationId: string): Promise<RollbackOutcome> {
    const row = await store.find(adaptationId);
    if (!row) return { kind: 'not_found' };
    return await store.withSensor(row.sensor, async () => {
      // Looked up again: somebody may have taken it back while we waited for the sensor.
      const standing = await store.find(adaptationId);
      if (!standing) return { kind: 'not_found' };
      return await takeBack(standing);
    });
  }

  async function takeBack(row: StoredAdaptation): Promise<RollbackOutcome> {
    if (row.status !== 'applied' && row.status !== 'verified') {
      return { kind: 'refused', explanation: `This adaptation is ${row.status}, so there is nothing to take back.` };
    }
    if (row.isLive) {
      return {
        kind: 'refused',
        explanation: 'It lies in one session alone, where its visitor has seen it; it ends with that session.',
      };
    }
    const opened = await openSensor(row.sensor);
    if (typeof opened === 'string') return { kind: 'refused', explanation: opened };
    try {
      const conflict = await steps.takeBack(row, opened.cowrie);
      if (conflict === undefined) return { kind: 'rolled_back' };
      return { kind: 'refused', explanation: `${conflict}; take back the newer adaptation first, if there is one.` };
    } catch (error) {
      return { kind: 'refused', explanation: sentenceOf(error) };
    }
  }

  async function recover(signal: AbortSignal): Promise<readonly ActOutcome[]> {
    const outcomes: ActOutcome[] = [];
    for (const { id, sensor } of await store.listUnfinished()) {
      if (signal.aborted || !findSensor(sensor)) continue;
      const row = await store.withSensor(sensor, async () => {
        const standing = await store.find(id);
        return standing && (await goOn(standing, signal));
      });
      if (row) outcomes.push(told(row));
    }
    return outcomes;
  }

  async function expire(): Promise<number> {
    let count = 0;
    for (const { id, sensor } of await store.listExpired(clock.now())) {
      if (findSensor(sensor) && (await rollback(id)).kind === 'rolled_back') count++;
    }
    return count;
  }

  function told({ id, sensor, actionType, status, error }: StoredAdaptation): ActOutcome {
    const outcome = { id, sensor, actionType, status, error };
    log.adaptationEnded(outcome);
    return outcome;
  }

  return { run, rollback, recover, expire };
}

function notPrepared(detail: string): string {
  return new CerberusError('COWRIE_NOT_PREPARED', detail).message;
}

function isUnfinished(row: StoredAdaptation): boolean {
  return row.status === 'planned' || (row.status === 'applied' && row.verification?.looked !== true);
}

async function planFor(actionType: AdaptationType, cowrie: PreparedCowrie): Promise<Plan | string> {
  try {
    const adaptation = adaptationOf(actionType);
    return (await adaptation.check(cowrie)) ?? (await adaptation.plan({}, cowrie));
  } catch (error) {
    return sentenceOf(error);
  }
}
