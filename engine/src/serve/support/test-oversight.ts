import { randomBytes } from 'node:crypto';
import type { ApprovalRecord } from '@cerberusmesh/contract/api-approvals';
import { composeDecide } from '../../compose/compose-decide.ts';
import { composeOversight } from '../../compose/compose-oversight.ts';
import type { Undo } from '../../compose/kill-switch.ts';
import { readConfig } from '../../config.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Database } from '../../store/database.ts';
import type { SettingsStore } from '../../store/settings.ts';

/** The real oversight and the real decider with the default policy, under a key of the test's own. */
export async function composeTestOversight(parts: {
  readonly database: Database;
  readonly settings: SettingsStore;
  readonly clock: Clock;
  readonly findApproval: (id: string) => Promise<ApprovalRecord | undefined>;
  readonly undo: readonly Undo[];
}) {
  const installKey = randomBytes(32);
  const config = readConfig({
    ...{ env: { CERBERUS_CONTROL_SHARE: '0' }, flags: {}, cwd: '/', home: '/', projectDir: null },
    readFile: () => '',
  });
  const log = { warn: () => undefined };
  const decider = await composeDecide({ ...parts, config, installKey, recordedSensor: 'recorded-demo', log });
  const oversight = composeOversight({ ...parts, config, installKey, decider, log });
  return { oversight, decider, links: oversight.links };
}
