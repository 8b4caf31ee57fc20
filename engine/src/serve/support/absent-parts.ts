import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Clock } from '../../kit/clock.ts';
import type { Queries } from '../../store/read/queries.ts';
import type { ServeDeps } from '../deps.ts';

type Absent = Pick<
  ServeDeps,
  | 'rollback'
  | 'actions'
  | 'learning'
  | 'managedKeys'
  | 'detectability'
  | 'channels'
  | 'readBlocklist'
  | 'retryParked'
  | 'receiveLines'
  | 'artifacts'
  | 'examine'
  | 'sensorDesk'
  | 'verifyAudit'
>;

export const testVersion = '0.0.0-test';

const noActions: Absent['actions'] = {
  kinds: [],
  order: async () => undefined,
  undo: async () => ({ kind: 'not_found' }),
};

const noManagedKeys: Absent['managedKeys'] = {
  list: async () => [],
  put: async (name) => {
    throw new CerberusError('NOT_FOUND', `This server keeps no keys, so not ${name} either.`);
  },
  remove: async () => false,
};

async function noHub(sensor: string, actor: string): Promise<never> {
  throw new CerberusError('NOT_FOUND', `This server is no hub, neither for ${sensor} nor for ${actor}.`);
}

const noLearning: Absent['learning'] = {
  report: () => noModels(),
  findVersion: () => noModels(),
  train: () => noModels(),
  promote: () => noModels(),
  rollBack: () => noModels(),
  reassess: () => noModels(),
  giveFeedback: () => noModels(),
  withdrawFeedback: () => noModels(),
  listFeedback: async () => ({ data: [], next_cursor: null }),
};

async function noModels(): Promise<never> {
  throw new CerberusError('NOT_FOUND', 'This server has no models.');
}

/** Parts of an engine that a server alone does not have: each answers that nothing is there. */
export const absentParts: Absent = {
  rollback: async () => ({ kind: 'not_found' }),
  actions: noActions,
  learning: noLearning,
  managedKeys: noManagedKeys,
  detectability: {
    list: async () => [],
    measure: async (sensor) => {
      throw new CerberusError('NOT_FOUND', sensor);
    },
  },
  channels: { channels: [], test: async () => undefined },
  readBlocklist: async () => [],
  retryParked: async () => ({ retried: 0, stored: 0, still_parked: 0 }),
  receiveLines: async ({ body }) => ({ bytes: body.length, skipped_bytes: 0, stored: 0, duplicate: 0, parked: 0 }),
  artifacts: {
    list: async () => undefined,
    openRecording: async () => undefined,
    openArchive: async () => undefined,
  },
  examine: async () => ({ sound: true, findings: [] }),
  sensorDesk: { invite: noHub, revoke: async () => false },
  verifyAudit: async () => ({ sound: true, entries: 0, waiting: 0, decisions: 0, faults: [] }),
};

const analystOff = {
  state: 'off' as const,
  why: 'no model',
  provider: null,
  model: null,
  requests_this_hour: 0,
  requests_this_day: 0,
  tokens_this_hour: 0,
  tokens_this_day: 0,
  budget: null,
};

/** The status of a server alone: what the database knows is true, the rest says that nothing runs. */
export function createTestStatus(parts: {
  readonly queries: Pick<Queries, 'readStatus'>;
  readonly settings: Pick<ServeDeps['settings'], 'current'>;
  readonly clock: Pick<Clock, 'now'>;
}): ServeDeps['status'] {
  return async function status() {
    const { jobsWaiting, jobsFailed, sensors } = await parts.queries.readStatus();
    return {
      ...{ status: 'healthy', version: testVersion, uptime_seconds: 0, memory_bytes: 0, roles: ['serve'] },
      started_at: parts.clock.now().toISOString(),
      dry_run: false,
      auto_adaptation: parts.settings.current().ENABLE_AUTO_ADAPTATION,
      ...{ model_version: null, policy_version: null, analyst: analystOff },
      ...{ jobs_waiting: jobsWaiting, jobs_failed: jobsFailed, sensors },
    };
  };
}
