import { ActionKind, ActionStatus } from '@cerberusmesh/contract/action';
import { AdaptationStatus } from '@cerberusmesh/contract/decision';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Clock } from '../kit/clock.ts';
import { createActionReads } from '../store/read/actions.ts';
import { createAdaptationReads } from '../store/read/adaptations.ts';
import type { Reader } from '../store/read/reader.ts';
import { type ToldAction, toTold } from './tell-action.ts';

/** What was done, from both tables: adaptations have one of their own. */
export interface FindActions {
  /** Newest first. */
  list(wanted: { kind?: string | undefined; status?: string | undefined; limit: number }): Promise<ToldAction[]>;
  /** @throws CerberusError NOT_FOUND */
  get(id: string): Promise<ToldAction>;
  /** Waits until what was ordered is told of; CONFLICT where no engine carries it out. */
  untilTold(causeId: string): Promise<ToldAction[]>;
  /** Waits until it was taken back; CONFLICT where no engine does that. */
  untilUndone(id: string): Promise<ToldAction>;
}

/** Longer than the round in which the engine looks for adaptations whose time is over. */
const waitSeconds = 90;
const pollMs = 500;

/** Adaptations are actions too, in a table of their own: both are found as one, newest first. */
export function createFindActions(reader: Reader, clock: Clock): FindActions {
  const { listActions, findAction } = createActionReads(reader);
  const { listAdaptations, findAdaptation } = createAdaptationReads(reader);

  async function list({ kind, status, limit }: Parameters<FindActions['list']>[0]): Promise<ToldAction[]> {
    const [actions, adaptations] = await Promise.all([
      kind === 'insert_trap' ? [] : ofActions({ kind: ActionKind.optional().parse(kind), limit }, status),
      kind === undefined || kind === 'insert_trap' ? ofAdaptations({ limit }, status) : [],
    ]);
    return [...actions, ...adaptations].sort((a, b) => b.created_at.localeCompare(a.created_at)).slice(0, limit);
  }

  async function ofActions(
    query: { kind?: ActionKind | undefined; limit: number; cause_id?: string },
    status?: string,
  ): Promise<readonly ToldAction[]> {
    const { kind, ...rest } = query;
    const known = ActionStatus.optional().safeParse(status);
    if (!known.success) return [];
    const wanted = { ...(kind && { kind }), ...(known.data && { status: known.data }) };
    return (await listActions({ ...rest, ...wanted })).data;
  }

  async function ofAdaptations(
    query: { limit: number; cause_id?: string },
    status?: string,
  ): Promise<readonly ToldAction[]> {
    const known = AdaptationStatus.optional().safeParse(status);
    if (!known.success) return [];
    return (await listAdaptations({ ...query, ...(known.data && { status: known.data }) })).data.map(toTold);
  }

  async function get(id: string): Promise<ToldAction> {
    const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
    const action = isId ? await findAction(id) : undefined;
    if (action) return action;
    const adaptation = isId ? await findAdaptation(id) : undefined;
    if (adaptation) return toTold(adaptation);
    throw new CerberusError('NOT_FOUND', `There is no action, and no kind of action, ${JSON.stringify(id)}.`);
  }

  async function until<T>(look: () => Promise<T | undefined>, late: () => Promise<string>): Promise<T> {
    const deadlineMs = clock.now().getTime() + waitSeconds * 1000;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (clock.now().getTime() >= deadlineMs) throw new CerberusError('CONFLICT', await late());
      await clock.sleep(pollMs);
    }
  }

  return {
    list,
    get,
    untilTold: (causeId) =>
      until(
        async () => {
          const query = { cause_id: causeId, limit: 1000 };
          const told = [...(await ofActions(query)), ...(await ofAdaptations(query))];
          return told.length > 0 ? told : undefined;
        },
        async () => `Nobody took it up within ${waitSeconds} s. Start the engine (cerberus up): it does it then.`,
      ),
    untilUndone: (id) =>
      until(
        async () => {
          const action = await get(id);
          return action.status === 'undone' || action.status === 'rolled_back' ? action : undefined;
        },
        async () => {
          const { status, undo_error } = await get(id);
          const why = undo_error === null ? 'Start the engine (cerberus up): it takes it back first.' : undo_error;
          return `It is ${status} after ${waitSeconds} s. ${why}`;
        },
      ),
  };
}
