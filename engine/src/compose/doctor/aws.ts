import type { Finding } from '@cerberusmesh/contract/doctor';
import { createEc2Driver } from '../../act/launch-decoy/ec2-driver.ts';
import type { Config } from '../../config.ts';
import type { Clock } from '../../kit/clock.ts';
import { awsAccess } from '../aws-access.ts';
import { fault, off, sound } from './finding.ts';

/** Whether AWS has the image and would let us start a machine, where decoys are launched there. */
export async function checkAws({ aws, launch, http }: Config, clock: Clock): Promise<readonly Finding[]> {
  const check = 'aws';
  if (launch.driver !== 'ec2') return [off(check, 'No decoys are launched at AWS (CERBERUS_LAUNCH_DRIVER).')];
  const driver = createEc2Driver({
    ...awsAccess({ aws }),
    ...{ imageId: launch.ami, instanceType: launch.instanceType, subnetId: launch.subnet },
    ...{ cowrieVersion: '3.1.4', installation: 'doctor', clock },
    ship: { url: http.publicUrl, issueToken: () => Promise.reject(new Error('nothing is launched here')) },
  });
  const why = await driver.check();
  if (why === undefined)
    return [sound(check, `AWS has ${launch.ami} in ${aws.region}, and we may start a machine of it.`)];
  return [fault(check, why, 'Put the AWS_ settings and CERBERUS_LAUNCH_AMI right; docs/aws.md has the permissions.')];
}
