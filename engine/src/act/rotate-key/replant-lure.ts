import type { ActJob } from '@cerberusmesh/contract/adaptation';
import { AdaptationType } from '@cerberusmesh/contract/decision';
import type { RotateKeyParameters } from '@cerberusmesh/contract/managed-key';
import { z } from 'zod';
import type { Task } from '../action.ts';
import { defineWay, type RotationWay } from './rotation-way.ts';

/** A planted secret with the adaptation that it is a part of. */
export interface PlantedLure {
  readonly adaptationId: string | null;
  readonly actionType: AdaptationType;
  readonly sensor: string;
  /** It lies in one visitor's world alone. */
  readonly isLive: boolean;
}

export interface ReplantParts {
  readonly findLure: (id: string) => Promise<PlantedLure | undefined>;
  /** Takes an adaptation back; a sentence where it does not stand or lies below a newer one. */
  readonly rollback: (adaptationId: string) => Promise<string | undefined>;
  /** Carries it out, or gives what the same decision has carried out. */
  readonly adapt: (job: ActJob, signal: AbortSignal) => Promise<Planting>;
  readonly findPlanting: (decisionId: string, actionType: AdaptationType) => Promise<Planting | undefined>;
}

export interface Planting {
  readonly id: string;
  readonly status: string;
  readonly error: string | null;
}

const Plan = z.object({ lure: z.string(), adaptationId: z.string(), actionType: AdaptationType, sensor: z.string() });
type ReplantTask = Task<RotateKeyParameters, z.output<typeof Plan>>;

/** A planted key or password that was cracked is worth nothing to the next visitor: another one is planted in its place. */
export function createReplant({ findLure, rollback, adapt, findPlanting }: ReplantParts): RotationWay {
  return defineWay({
    plan: Plan,
    async check({ lure = '' }, { decisionId }) {
      const found = await findLure(lure);
      if (!found?.adaptationId) return `There is no planted secret ${lure}.`;
      if (found.isLive) return 'It lies in one visitor’s world alone; the next visitor is given secrets of his own.';
      return decisionId === null
        ? 'A lure is planted anew where a decision says so; by hand, take its adaptation back.'
        : undefined;
    },
    async makePlan({ lure = '' }) {
      const found = await findLure(lure);
      if (!found?.adaptationId) throw new Error(`There is no planted secret ${lure}.`);
      return { lure, adaptationId: found.adaptationId, actionType: found.actionType, sensor: found.sensor };
    },
    async run(task) {
      // Where a newer one lies on top, or it was taken back already, the new one is laid over what stands.
      const kept = await rollback(task.plan.adaptationId);
      await task.step('old one taken back', { kept: kept ?? null });
      const planted = await adapt(jobOf(task), task.signal);
      if (planted.status !== 'verified' && planted.status !== 'applied')
        throw new Error(planted.error ?? planted.status);
      return { adaptation: planted.id, sensor: task.plan.sensor };
    },
    async verify(task) {
      const { id, status, error } = await adapt(jobOf(task), task.signal);
      const why = `The adaptation ${id} on ${task.plan.sensor} is ${status}${error === null ? '' : `: ${error}`}.`;
      return { verified: status === 'verified', looked: status !== 'applied', why };
    },
    async undo(task) {
      const { decisionId, actionType } = { ...task.plan, ...task.cause };
      const planted = decisionId === null ? undefined : await findPlanting(decisionId, actionType);
      return planted && (planted.status === 'applied' || planted.status === 'verified')
        ? await rollback(planted.id)
        : undefined;
    },
  });
}

function jobOf({ plan, cause }: ReplantTask): ActJob {
  const { decisionId, sessionId, sourceIp, severity, reason } = cause;
  const { actionType, sensor } = plan;
  return { decisionId: decisionId ?? '', adaptations: [actionType], sensor, sessionId, sourceIp, severity, reason };
}
