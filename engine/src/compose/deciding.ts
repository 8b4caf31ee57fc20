import { recordedSensor } from '../collect/recorded-visits.ts';
import { type AllowList, openAllowList } from './attacker-desk.ts';
import { type ComposedDecide, composeDecide } from './compose-decide.ts';
import { type ComposedOversight, composeOversight } from './compose-oversight.ts';
import type { Ground } from './ground.ts';
import type { Undo } from './kill-switch.ts';
import type { ComposedSignals } from './signals.ts';

export interface Deciding {
  readonly decider: ComposedDecide;
  readonly oversight: ComposedOversight;
  readonly allowList: AllowList;
}

/** What decides, and the people above it: the policy, the networks that they leave alone, approvals and the kill switch. */
export async function composeDeciding(
  ground: Ground,
  parts: {
    readonly signalsOf: ComposedSignals['signalsOf'];
    /** What the kill switch takes back. */
    readonly undo: readonly Undo[];
  },
): Promise<Deciding> {
  const allowList = await openAllowList(ground.database);
  const decider = await composeDecide({
    ...{ ...ground, recordedSensor },
    ...{ signalsOf: parts.signalsOf, allowed: allowList.networks },
  });
  allowList.onChange(decider.useAllowed);
  const oversight = composeOversight({
    ...{ ...ground, decider, findApproval: ground.queries.findApproval },
    undo: parts.undo,
  });
  return { decider, oversight, allowList };
}
