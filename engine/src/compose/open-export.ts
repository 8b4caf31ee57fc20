import type { Writable } from 'node:stream';
import type { Indicator } from '@cerberusmesh/contract/indicator';
import { createNetworkNames } from '../assess/origin/networks.ts';
import type { Config } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { nameUuid } from '../kit/name-uuid.ts';
import type { ReadBlocklist } from '../serve/routes/feeds.ts';
import { createAttackerDeskStore } from '../store/attacker-desk.ts';
import { createReader } from '../store/read/reader.ts';
import { leaveAlone, policyFileOf, readPolicyFile } from './compose-decide.ts';
import { openInstallKey } from './install-key.ts';
import { installationOf } from './installation.ts';
import { composeLockDown } from './lock-down.ts';
import { withDatabase } from './open-for-command.ts';
import { type IndicatorsAsked, readIndicators } from './read-indicators.ts';

/** RFC 9562's namespace of URLs. */
const urlNamespace = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

export interface Export {
  readonly now: Date;
  /** A UUID that tells our objects from those of other installations, and says nothing of our key. */
  readonly installation: string;
  readonly readBlocklist: ReadBlocklist;
  readonly readIndicators: (asked: IndicatorsAsked) => Promise<Indicator[]>;
}

/** What may leave the house. Networks that were allowed while the engine ran are protected here too. */
export async function openExport(
  config: Config,
  stderr: Writable,
  work: (parts: Export) => Promise<void>,
): Promise<void> {
  await withDatabase({ config, stderr, role: 'export' }, async (database) => {
    const allowed = (await createAttackerDeskStore(database).listAllowed()).map(({ network }) => network);
    const policy = leaveAlone(await readPolicyFile(policyFileOf(config)), allowed);
    const never = policy.policy.guards.never.networks.map((cidr) => ({ name: 'never (policy)', cidr }));
    const protectedNetwork = createNetworkNames([...config.enrichment.ownNetworks, ...never]);
    const key = installationOf(await openInstallKey(config.state.dir));
    await work({
      now: systemClock.now(),
      installation: nameUuid(urlNamespace, `urn:cerberusmesh:${key}`),
      readBlocklist: composeLockDown({ config, database, clock: systemClock, policy: () => policy }).readBlocklist,
      readIndicators: (asked) => readIndicators(createReader(database.pool), protectedNetwork, asked),
    });
  });
}
