import type { DoctorReport, Finding } from '@cerberusmesh/contract/doctor';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Config } from '../../config.ts';
import type { Clock } from '../../kit/clock.ts';
import { reasonOf } from '../../kit/reason-of.ts';
import { checkAws } from './aws.ts';
import { checkAwsIdentity } from './aws-identity.ts';
import { checkCowrie } from './cowrie.ts';
import { checkCowrieLog } from './cowrie-log.ts';
import { checkDatabase } from './database.ts';
import { checkDisks } from './disk-space.ts';
import { fault, sound } from './finding.ts';
import { checkFurtherSources } from './further-sources.ts';
import { checkLanguageModel } from './language-model.ts';
import { checkMlService } from './ml-service.ts';
import { checkPolicyFile } from './policy.ts';
import { checkPorts } from './ports.ts';
import { checkRedis } from './redis.ts';
import { checkReputation } from './reputation.ts';
import { checkStateFolder } from './state-folder.ts';

const deadlineMs = 20_000;

type Check = (config: Config, clock: Clock) => Promise<readonly Finding[]>;

const checks: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['state folder', checkStateFolder],
  ['disk space', checkDisks],
  ['database', checkDatabase],
  ['cowrie log', checkCowrieLog],
  ['cowrie', checkCowrie],
  ['policy', checkPolicyFile],
  ['ports', checkPorts],
  ['ml service', checkMlService],
  ['language model', checkLanguageModel],
  ['reputation', (config) => checkReputation(config)],
  ['aws identity', checkAwsIdentity],
  ['aws', checkAws],
  ['redis', checkRedis],
  ['further sources', checkFurtherSources],
]);

/**
 * Looks at everything that this configuration needs and changes nothing. A check that fails, or takes longer than 20
 * seconds, is a fault of its own and costs no other.
 */
export async function examine(config: Config, clock: Clock): Promise<DoctorReport> {
  const findings = await Promise.all([...checks].map(([name, check]) => conclude(name, check(config, clock), clock)));
  return reportOf([sound('configuration', 'Every setting can be read.'), ...findings.flat()]);
}

/** The report of a configuration that cannot be read: nothing else can be looked at. */
export function examineFaults(detail: string): DoctorReport {
  return reportOf(
    detail
      .split('\n')
      .map((line) => fault('configuration', line, 'Put that right; deploy/config.example.ini has them all.')),
  );
}

async function conclude(name: string, check: Promise<readonly Finding[]>, clock: Clock): Promise<readonly Finding[]> {
  const done = new AbortController();
  const late = clock.sleep(deadlineMs, done.signal).then(() => {
    throw new Error(`no answer within ${deadlineMs / 1000} s`);
  });
  // When the check is first, the wait ends too, and nobody hears it.
  late.catch(() => undefined);
  try {
    return await Promise.race([check, late]);
  } catch (error) {
    const why = error instanceof CerberusError ? error.detail : reasonOf(error);
    return [fault(name, why, 'Do what that sentence asks, and run this again.')];
  } finally {
    done.abort();
  }
}

function reportOf(findings: readonly Finding[]): DoctorReport {
  return { sound: findings.every(({ state }) => state !== 'fault'), findings: [...findings] };
}
