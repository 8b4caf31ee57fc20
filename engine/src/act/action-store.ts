import type { ActionChange, ActionKind, ActionStatus, NewAction, StoredAction } from '@cerberusmesh/contract/action';

/** What actions need of the store. */
export interface ActionStore {
  /**
   * Waits until nobody else, in any process, works on this target, and keeps it so while `work` runs; `lost` aborts where
   * it could not be kept so.
   */
  withTarget<T>(target: string, work: (lost: AbortSignal) => Promise<T>): Promise<T>;
  /** The same without waiting: undefined where somebody works on it. */
  tryTarget<T>(target: string, work: (lost: AbortSignal) => Promise<T>): Promise<T | undefined>;
  find(id: string): Promise<StoredAction | undefined>;
  /** Stores it, or gives the one that the same cause asked for before. */
  insert(action: NewAction): Promise<StoredAction>;
  findByCause(causeId: string, kind: ActionKind, target: string): Promise<StoredAction | undefined>;
  change(id: string, change: ActionChange): Promise<void>;
  addStep(id: string, name: string, at: Date, details: Readonly<Record<string, unknown>>): Promise<void>;
  /** Of these states, those whose time to go on has come; oldest first. */
  listOpen(statuses: readonly ActionStatus[], now: Date): Promise<readonly StoredAction[]>;
  /** Standing ones whose time is over; newest first, because they may lie on top of each other. */
  listExpired(now: Date): Promise<readonly StoredAction[]>;
  /** All that stands or is about to, and can be taken back; newest first. */
  listUndoable(): Promise<readonly StoredAction[]>;
  /** Of a kind, by the store's own clock and as long to either side of it, but for those that touched nothing. */
  countBegun(kind: ActionKind, withinSeconds: number): Promise<number>;
}
