import type { Finding } from '@cerberusmesh/contract/doctor';
import type { Config } from '../../config.ts';
import { awsAccess } from '../aws-access.ts';
import { fault, off, sound } from './finding.ts';
import { whyUnreachable } from './unreachable.ts';

const timeoutMs = 8_000;

/** Who we are at AWS, asked of its token service: that needs no permission and costs nothing. */
export async function checkAwsIdentity({ aws, launch, cloudwatch }: Config): Promise<readonly Finding[]> {
  const check = 'aws identity';
  if (launch.driver !== 'ec2' && cloudwatch.groups.length === 0 && aws.accessKeyId === null)
    return [
      off(check, 'Nothing is done at AWS (AWS_ACCESS_KEY_ID, CERBERUS_CLOUDWATCH_GROUPS, CERBERUS_LAUNCH_DRIVER).'),
    ];
  const { region, credentials, endpoint } = awsAccess({ aws });
  const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const client = new STSClient({
    region,
    maxAttempts: 2,
    ...(credentials === null ? {} : { credentials }),
    ...(endpoint === null ? {} : { endpoint }),
  });
  try {
    const abortSignal = AbortSignal.timeout(timeoutMs);
    const { Arn, Account } = await client.send(new GetCallerIdentityCommand({}), { abortSignal });
    return [sound(check, `AWS knows us as ${Arn ?? 'nobody by name'} of account ${Account ?? '(untold)'}.`)];
  } catch (error) {
    const fix =
      'Put AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY right, or give this machine a profile or role; see docs/aws.md.';
    return [fault(check, `AWS does not say who we are in ${region}: ${whyUnreachable(error)}.`, fix)];
  } finally {
    client.destroy();
  }
}
