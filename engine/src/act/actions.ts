import { randomUUID } from 'node:crypto';
import type { ActionCause, ActionKind, ActionRequest, ActionStatus, StoredAction } from '@cerberusmesh/contract/action';
import type { Clock } from '../kit/clock.ts';
import type { Action } from './action.ts';
import { createActionLife } from './action-life.ts';
import type { ActionStore } from './action-store.ts';
import { type Approval, type ApprovalAsk, type Asked, createMakeReady } from './make-ready.ts';

export interface ActionOutcome extends Pick<StoredAction, 'id' | 'kind' | 'target' | 'status' | 'error'> {}

/** `refused`: it does not stand, is not reversible, or could not be taken back yet; `explanation` says it. */
export type UndoOutcome =
  | { readonly kind: 'undone' }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'refused'; readonly explanation: string };

export interface ActionsOptions {
  readonly store: ActionStore;
  readonly actions: readonly Action[];
  readonly clock: Clock;
  /** Records what would be done and touches nothing. */
  readonly dryRun: boolean;
  /** Asked before anything is planned, and again while it waits. */
  readonly approve: (ask: ApprovalAsk) => Promise<Approval>;
  /** Why nothing of this kind may be begun, or gone on with, at all (the kill switch), as a sentence. */
  readonly objection?: (kind: ActionKind) => string | undefined;
  /** Told of every action that was brought to another state, one way or the other. */
  readonly ended: (outcome: ActionOutcome) => void;
}

export interface Actions {
  readonly kinds: readonly Action['declaration'][];
  /**
   * Carries out what is asked, on each target, or finishes what a kill left of it; may be asked again. What goes wrong
   * is recorded and not thrown, but for a store that is away. Empty for a kind that nobody carries out.
   */
  request(request: ActionRequest, stop: AbortSignal): Promise<readonly ActionOutcome[]>;
  /** Takes a standing action back, or calls one off that waits for approval. */
  undo(id: string, stop: AbortSignal): Promise<UndoOutcome>;
  /** The kill switch: everything that stands and can be taken back; `error` says why one was not. */
  undoAll(stop: AbortSignal): Promise<readonly ActionOutcome[]>;
  /**
   * For the start and for now and then: goes on with what a killed process began, waits for approval or is to be undone.
   * `all`: also with what was to be tried again only later.
   */
  recover(stop: AbortSignal, which?: 'due' | 'all'): Promise<readonly ActionOutcome[]>;
  /** For now and then: takes back what has stood for its time. */
  expire(stop: AbortSignal): Promise<number>;
}

const endOfTime = new Date(8.64e15);
const undoable: readonly ActionStatus[] = ['waiting', 'planned', 'applied', 'verified', 'undoing'];

/** check → approve → dry run → run under a deadline → verify → record → expire or undo, for every kind of action. */
export function createActions(options: ActionsOptions): Actions {
  const { store, clock, approve, objection = () => undefined } = options;
  const byKind = new Map(options.actions.map((action) => [action.declaration.kind, action]));
  const life = createActionLife({ change: store.change, addStep: store.addStep, endAbove, clock });
  const makeReady = createMakeReady({ ...options, objection, finishHalfMade });
  /** What is being carried out, or looked at, in this process. */
  const underWay = new Map<string, AbortController>();

  async function request(asked: ActionRequest, stop: AbortSignal): Promise<ActionOutcome[]> {
    const { kind, parameters, cause } = asked;
    const action = byKind.get(kind);
    if (!action) return [];
    const targets = await action.targets(parameters, cause);
    if (typeof targets === 'string') return [told(await refuse(asked, targets))];
    const outcomes: ActionOutcome[] = [];
    for (const one of targets) {
      if (stop.aborted) break;
      const wanted = { ...asked, target: action.targetOf(one), parameters: one };
      const begun = await store.withTarget(lockOf(action, wanted), (lost) =>
        begin(action, wanted, AbortSignal.any([stop, lost])),
      );
      outcomes.push(told(begun));
    }
    return outcomes;
  }

  async function begin(action: Action, asked: Asked, stop: AbortSignal): Promise<StoredAction> {
    const { kind, target, parameters, cause } = asked;
    const begun = await store.findByCause(cause.causeId, kind, target);
    if (begun) return await goOn(begun, action, stop);
    const id = randomUUID();
    const { approvedBy, ...ready } = await makeReady(action, { ...asked, id }, stop);
    const row = await store.insert({ id, kind, target, cause, parameters, ...ready });
    if (row.status !== 'planned') return row;
    if (approvedBy !== null) await store.change(id, { approvedBy });
    return await carryOut(row, action, stop);
  }

  /** What was written down and may not be done any more is ended instead: the kill switch, or its time is over. */
  async function carryOut(row: StoredAction, action: Action, stop: AbortSignal): Promise<StoredAction> {
    const stopped = objection(row.kind);
    if (stopped !== undefined) return await life.takeBack(row, action, stop, 'undone', stopped);
    if (row.expiresAt !== null && row.expiresAt <= clock.now()) {
      return await life.takeBack(row, action, stop, 'failed', 'Its time was over before it was carried out.');
    }
    return await untilCalledOff(row, stop, (signal) => life.carryOut(row, action, signal));
  }

  /** Who takes it back need not wait until it has ended by itself. */
  async function untilCalledOff(
    { id }: StoredAction,
    stop: AbortSignal,
    work: (signal: AbortSignal) => Promise<StoredAction>,
  ): Promise<StoredAction> {
    const calledOff = new AbortController();
    underWay.set(id, calledOff);
    try {
      return await work(AbortSignal.any([stop, calledOff.signal]));
    } finally {
      underWay.delete(id);
    }
  }

  /** What is half-made must not become the old state of what is laid on it, which could then never be taken back whole. */
  async function finishHalfMade(action: Action, cause: ActionCause, stop: AbortSignal): Promise<void> {
    const place = action.placeOf(cause);
    if (place === undefined) return;
    for (const row of await store.listOpen(['planned', 'undoing'], clock.now())) {
      if (row.kind !== action.declaration.kind || action.placeOf(row.cause) !== place) continue;
      const { status } = tellChange(row, await goOn(row, action, stop));
      if (status === 'planned') throw new Error(`What was begun there before (${row.id}) could not be finished yet.`);
    }
  }

  async function goOn(row: StoredAction, action: Action, stop: AbortSignal): Promise<StoredAction> {
    if (row.status === 'waiting') return await askAgain(row, action, stop);
    if (row.status === 'planned') return await carryOut(row, action, stop);
    if (row.status === 'applied') return await untilCalledOff(row, stop, (signal) => life.look(row, action, signal));
    if (row.status === 'undoing') return await takeBack(row, action, stop);
    return row;
  }

  async function askAgain(row: StoredAction, action: Action, stop: AbortSignal): Promise<StoredAction> {
    if ((await approve(row)).kind === 'waiting') return row;
    const made = await makeReady(action, { ...row, lifetimeSeconds: null }, stop);
    const { approvedBy, error, expiresAt, lifetimeSeconds, ...ready } = made;
    const changed = {
      ...ready,
      ...(approvedBy === null ? {} : { approvedBy }),
      ...(error === null ? {} : { error }),
      ...(expiresAt === null ? {} : { expiresAt }),
      ...(lifetimeSeconds === null ? {} : { lifetimeSeconds }),
      ...(ready.status === 'planned' ? {} : { endedAt: clock.now() }),
    };
    await store.change(row.id, changed);
    const readied = { ...row, ...ready, error, expiresAt };
    return ready.status === 'planned' ? await carryOut(readied, action, stop) : readied;
  }

  async function undo(id: string, stop: AbortSignal): Promise<UndoOutcome> {
    const known = await store.find(id);
    const action = known && byKind.get(known.kind);
    if (!known || !action) return { kind: 'not_found' };
    underWay.get(id)?.abort();
    return await store.withTarget(lockOf(action, known), async (lost) => {
      // Looked up again: it may have ended while we waited.
      const row = (await store.find(id)) ?? known;
      const explanation = whyNotUndone(row, action);
      if (explanation !== undefined) return { kind: 'refused', explanation };
      const signal = AbortSignal.any([stop, lost]);
      const ended = row.status === 'waiting' ? await callOff(row) : await takeBack(row, action, signal);
      told(ended);
      if (ended.status === 'undone' || ended.status === 'failed') return { kind: 'undone' };
      const why = ended.undoError ?? '';
      return { kind: 'refused', explanation: `It could not be taken back yet, and is tried again from now on: ${why}` };
    });
  }

  async function undoAll(stop: AbortSignal): Promise<ActionOutcome[]> {
    const outcomes: ActionOutcome[] = [];
    for (const { id } of await store.listUndoable()) {
      const undone = await undo(id, stop);
      const row = await store.find(id);
      if (row) outcomes.push({ ...outcomeOf(row), error: undone.kind === 'refused' ? undone.explanation : null });
    }
    return outcomes;
  }

  async function recover(stop: AbortSignal, which: 'due' | 'all' = 'due'): Promise<ActionOutcome[]> {
    const until = which === 'due' ? clock.now() : endOfTime;
    const unfinished = await store.listOpen(['waiting', 'planned', 'applied'], until);
    // Newest first, because they may lie on top of each other.
    const undoing = (await store.listOpen(['undoing'], until)).toReversed();
    const outcomes: ActionOutcome[] = [];
    for (const row of [...unfinished, ...undoing]) {
      const action = byKind.get(row.kind);
      if (stop.aborted || !action?.reaches(row.cause)) continue;
      const outcome = await store.tryTarget(lockOf(action, row), async (lost) => {
        const found = await store.find(row.id);
        return found && tellChange(found, await goOn(found, action, AbortSignal.any([stop, lost])));
      });
      if (outcome) outcomes.push(outcome);
    }
    return outcomes.filter(({ status }) => status !== 'waiting');
  }

  async function expire(stop: AbortSignal): Promise<number> {
    let count = 0;
    for (const { id, kind, cause } of await store.listExpired(clock.now())) {
      if (stop.aborted || !byKind.get(kind)?.reaches(cause)) continue;
      if ((await undo(id, stop)).kind === 'undone') count++;
    }
    return count;
  }

  function takeBack(row: StoredAction, action: Action, stop: AbortSignal): Promise<StoredAction> {
    return life.takeBack(row, action, stop, row.endsAs ?? 'undone');
  }

  /** The lock of a place is one for all that lies there. */
  async function endAbove(id: string, stop: AbortSignal): Promise<string | undefined> {
    const row = await store.find(id);
    const action = row && byKind.get(row.kind);
    if (!action) return `${id} lies on it, and nobody here can take that back.`;
    const { target, status, error } = told(await takeBack(row, action, stop));
    return status === 'undone' ? undefined : `${target} (${id}) lies on it and could not be taken back yet: ${error}`;
  }

  async function refuse({ kind, parameters, cause }: ActionRequest, error: string): Promise<StoredAction> {
    const row = { id: randomUUID(), kind, target: 'none', cause, parameters, plan: null, error, expiresAt: null };
    return await store.insert({ ...row, status: 'refused' });
  }

  async function callOff(row: StoredAction): Promise<StoredAction> {
    await store.change(row.id, { status: 'undone', endedAt: clock.now() });
    return { ...row, status: 'undone' };
  }

  /** What waits for somebody who is away is tried each time, and said once. */
  function tellChange(before: StoredAction, row: StoredAction): ActionOutcome {
    const isNew = row.status !== before.status || row.attempts !== before.attempts;
    return isNew ? told(row) : outcomeOf(row);
  }

  function told(row: StoredAction): ActionOutcome {
    const outcome = outcomeOf(row);
    options.ended(outcome);
    return outcome;
  }

  return { kinds: options.actions.map((action) => action.declaration), request, undo, undoAll, recover, expire };
}

function whyNotUndone(row: StoredAction, action: Action): string | undefined {
  const { status } = row;
  const { kind, reversible, undo } = action.declaration;
  if (!undoable.includes(status)) return `This action is ${status}, so there is nothing to take back.`;
  if (status === 'verified' && !reversible) return `A ${kind} that was verified is not taken back: ${undo}`;
  return status === 'waiting' || status === 'planned' ? undefined : action.explainKept(row);
}

function outcomeOf({ id, kind, target, status, ...row }: StoredAction): ActionOutcome {
  if (status === 'undoing') return { id, kind, target, status, error: row.undoError ?? row.error };
  const unseen = status === 'applied' ? (row.verification?.why ?? null) : null;
  return { id, kind, target, status, error: row.error ?? unseen };
}

function lockOf(action: Action, { kind, target, cause }: Pick<StoredAction, 'kind' | 'target' | 'cause'>): string {
  return `${kind} ${action.placeOf(cause) ?? target}`;
}
