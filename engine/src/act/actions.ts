import { randomUUID } from 'node:crypto';
import type {
  ActionCause,
  ActionChange,
  ActionKind,
  ActionRequest,
  ActionStatus,
  NewAction,
  StoredAction,
} from '@cerberusmesh/contract/action';
import type { Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/reason-of.ts';
import type { Action } from './action.ts';
import { createActionLife } from './action-life.ts';

/** What actions need of the store. */
export interface ActionStore {
  /** Waits until nobody else, in any process, works on this target, and keeps it so while `work` runs. */
  withTarget<T>(target: string, work: () => Promise<T>): Promise<T>;
  /** The same without waiting: undefined where somebody works on it. */
  tryTarget<T>(target: string, work: () => Promise<T>): Promise<T | undefined>;
  find(id: string): Promise<StoredAction | undefined>;
  /** Stores it, or gives the one that the same cause asked for before. */
  insert(action: NewAction): Promise<StoredAction>;
  findByCause(causeId: string, kind: ActionKind, target: string): Promise<StoredAction | undefined>;
  change(id: string, change: ActionChange): Promise<void>;
  addStep(id: string, name: string, at: Date, details: Readonly<Record<string, unknown>>): Promise<void>;
  /** Of these states, those whose time to go on has come; oldest first. */
  listOpen(statuses: readonly ActionStatus[], now: Date): Promise<readonly StoredAction[]>;
  /** Standing ones whose time is over. */
  listExpired(now: Date): Promise<readonly StoredAction[]>;
  /** Of a kind, since then, but for those that touched nothing. */
  countBegun(kind: ActionKind, since: Date): Promise<number>;
}

export type Approval =
  | { readonly kind: 'granted'; readonly by: string | null }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'denied'; readonly why: string };

export interface ApprovalAsk extends Pick<NewAction, 'id' | 'kind' | 'target' | 'parameters' | 'cause'> {}

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
  /** Why nothing may be begun at all (the kill switch), as a sentence. */
  readonly objection?: () => string | undefined;
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
  /** The kill switch: everything that stands and can be taken back. */
  undoAll(stop: AbortSignal): Promise<readonly ActionOutcome[]>;
  /** For the start and for now and then: goes on with what a killed process began, waits for approval or is to be undone. */
  recover(stop: AbortSignal): Promise<readonly ActionOutcome[]>;
  /** For now and then: takes back what has stood for its time. */
  expire(stop: AbortSignal): Promise<number>;
}

const hourMs = 3_600_000;
const standing: readonly ActionStatus[] = ['applied', 'verified'];

/** check → approve → dry run → run under a deadline → verify → record → expire or undo, for every kind of action. */
export function createActions(options: ActionsOptions): Actions {
  const { store, clock, dryRun, approve, objection = () => undefined } = options;
  const byKind = new Map(options.actions.map((action) => [action.declaration.kind, action]));
  const life = createActionLife({ change: store.change, addStep: store.addStep, clock });

  async function request(asked: ActionRequest, stop: AbortSignal): Promise<ActionOutcome[]> {
    const { kind, parameters, cause } = asked;
    const action = byKind.get(kind);
    if (!action) return [];
    const targets = await action.targets(parameters, cause);
    if (typeof targets === 'string') return [told(await refuse(kind, 'none', parameters, cause, targets))];
    const outcomes: ActionOutcome[] = [];
    for (const one of targets) {
      if (stop.aborted) break;
      const target = action.targetOf(one);
      const wanted = { ...asked, parameters: one };
      outcomes.push(told(await store.withTarget(lockOf(kind, target), () => begin(action, wanted, target, stop))));
    }
    return outcomes;
  }

  async function begin(action: Action, asked: Asked, target: string, stop: AbortSignal): Promise<StoredAction> {
    const { kind, parameters, cause } = asked;
    const begun = await store.findByCause(cause.causeId, kind, target);
    if (begun) return await goOn(begun, action, stop);
    const reason = await findObjection(action, parameters, cause);
    if (reason !== undefined) return await refuse(kind, target, parameters, cause, reason);
    const id = randomUUID();
    const approval = await approve({ id, kind, target, parameters, cause });
    if (approval.kind === 'denied') return await refuse(kind, target, parameters, cause, approval.why);
    const row = { id, kind, target, cause, parameters, plan: null, error: null, expiresAt: null };
    if (approval.kind === 'waiting') return await store.insert({ ...row, status: 'waiting' });
    if (dryRun) return await store.insert({ ...row, status: 'dry_run' });
    const plan = await action.makePlan(parameters, cause, id);
    const planned = await store.insert({ ...row, plan, status: 'planned', expiresAt: endOf(action, asked) });
    if (approval.by !== null) await store.change(id, { approvedBy: approval.by });
    return await life.carryOut(planned, action, stop);
  }

  async function findObjection(action: Action, parameters: unknown, cause: ActionCause): Promise<string | undefined> {
    const { kind, budgetPerHour } = action.declaration;
    const stopped = objection();
    if (stopped !== undefined) return stopped;
    const begun = await store.countBegun(kind, new Date(clock.now().getTime() - hourMs));
    if (begun >= budgetPerHour) return `The budget of ${budgetPerHour} in an hour is used up.`;
    return await action.check(parameters, cause).catch(reasonOf);
  }

  async function goOn(row: StoredAction, action: Action, stop: AbortSignal): Promise<StoredAction> {
    if (row.status === 'waiting') return await askAgain(row, action, stop);
    if (row.status === 'planned') return await life.carryOut(row, action, stop);
    if (row.status === 'applied') return await life.look(row, action, stop);
    if (row.status === 'undoing') return await life.takeBack(row, action, stop, row.endsAs ?? 'undone');
    return row;
  }

  async function askAgain(row: StoredAction, action: Action, stop: AbortSignal): Promise<StoredAction> {
    const approval = await approve(row);
    if (approval.kind === 'waiting') return row;
    const stillObjected =
      approval.kind === 'denied' ? approval.why : await findObjection(action, row.parameters, row.cause);
    if (stillObjected !== undefined) return await end(row, 'refused', stillObjected);
    if (dryRun) return await end(row, 'dry_run');
    const plan = await action.makePlan(row.parameters, row.cause, row.id);
    const expiresAt = endOf(action, { ...row, lifetimeSeconds: null });
    const by = approval.kind === 'granted' && approval.by !== null ? { approvedBy: approval.by } : {};
    const planned = { plan, status: 'planned' as const, ...(expiresAt === null ? {} : { expiresAt }) };
    await store.change(row.id, { ...planned, ...by });
    return await life.carryOut({ ...row, ...planned }, action, stop);
  }

  async function undo(id: string, stop: AbortSignal): Promise<UndoOutcome> {
    const known = await store.find(id);
    const action = known && byKind.get(known.kind);
    if (!known || !action) return { kind: 'not_found' };
    return await store.withTarget(lockOf(known.kind, known.target), async () => {
      // Looked up again: it may have ended while we waited.
      const row = (await store.find(id)) ?? known;
      const explanation = whyNotUndone(row, action);
      if (explanation !== undefined) return { kind: 'refused', explanation };
      const ended = row.status === 'waiting' ? await end(row, 'undone') : await takeBack(row, action, stop);
      told(ended);
      if (ended.status === 'undone' || ended.status === 'failed') return { kind: 'undone' };
      return { kind: 'refused', explanation: 'It could not be taken back yet; that is tried again from now on.' };
    });
  }

  async function undoAll(stop: AbortSignal): Promise<ActionOutcome[]> {
    const rows = await store.listOpen(['waiting', 'planned', ...standing], new Date(8.64e15));
    const outcomes: ActionOutcome[] = [];
    for (const { id } of rows.toReversed()) {
      await undo(id, stop);
      const row = await store.find(id);
      if (row) outcomes.push(outcomeOf(row));
    }
    return outcomes;
  }

  async function recover(stop: AbortSignal): Promise<ActionOutcome[]> {
    const rows = await store.listOpen(['waiting', 'planned', 'applied', 'undoing'], clock.now());
    const outcomes: ActionOutcome[] = [];
    for (const { id, kind, target } of rows) {
      const action = byKind.get(kind);
      if (stop.aborted || !action) continue;
      const row = await store.tryTarget(lockOf(kind, target), async () => {
        const found = await store.find(id);
        return found && (await goOn(found, action, stop));
      });
      if (row && row.status !== 'waiting') outcomes.push(told(row));
    }
    return outcomes;
  }

  async function expire(stop: AbortSignal): Promise<number> {
    let count = 0;
    for (const { id } of await store.listExpired(clock.now())) {
      if (!stop.aborted && (await undo(id, stop)).kind === 'undone') count++;
    }
    return count;
  }

  function takeBack(row: StoredAction, action: Action, stop: AbortSignal): Promise<StoredAction> {
    return life.takeBack(row, action, stop, row.endsAs ?? 'undone');
  }

  function endOf(action: Action, asked: Pick<Asked, 'parameters' | 'lifetimeSeconds'>): Date | null {
    const seconds = asked.lifetimeSeconds ?? action.lifetimeSeconds(asked.parameters);
    return seconds === null ? null : new Date(clock.now().getTime() + seconds * 1000);
  }

  async function refuse(kind: ActionKind, target: string, parameters: unknown, cause: ActionCause, error: string) {
    const row = { id: randomUUID(), kind, target, cause, parameters, plan: null, error, expiresAt: null };
    return await store.insert({ ...row, status: 'refused' });
  }

  async function end(row: StoredAction, status: ActionStatus, error?: string): Promise<StoredAction> {
    const what = error === undefined ? { status } : { status, error };
    await store.change(row.id, { ...what, endedAt: clock.now() });
    return { ...row, ...what };
  }

  function told(row: StoredAction): ActionOutcome {
    const outcome = outcomeOf(row);
    options.ended(outcome);
    return outcome;
  }

  return { kinds: options.actions.map((action) => action.declaration), request, undo, undoAll, recover, expire };
}

/** What is asked of one target. */
type Asked = Omit<ActionRequest, 'parameters'> & { readonly parameters: unknown };

function whyNotUndone({ status }: StoredAction, { declaration }: Action): string | undefined {
  if (!['waiting', 'planned', 'undoing', ...standing].includes(status)) {
    return `This action is ${status}, so there is nothing to take back.`;
  }
  return status === 'verified' && !declaration.reversible
    ? `A ${declaration.kind} that was verified is not taken back: ${declaration.undo}`
    : undefined;
}

function outcomeOf({ id, kind, target, status, error }: StoredAction): ActionOutcome {
  return { id, kind, target, status, error };
}

function lockOf(kind: ActionKind, target: string): string {
  return `${kind} ${target}`;
}
