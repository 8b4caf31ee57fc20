import type { Finding } from '@cerberusmesh/contract/doctor';
import type { Config } from '../../config.ts';
import type { Clock } from '../../kit/clock.ts';
import { checkCowrieLog } from './cowrie-log.ts';
import { checkDisks } from './disk-space.ts';
import { checkStateFolder } from './state-folder.ts';

/** The faults that can be seen without asking anybody, for each start: visits to Cowrie and questions to providers leave traces or cost something. */
export async function examineHere(config: Config, clock: Clock): Promise<Finding[]> {
  const findings = await Promise.all([checkStateFolder(config), checkDisks(config), checkCowrieLog(config, clock)]);
  return findings.flat().filter(({ state }) => state === 'fault');
}
