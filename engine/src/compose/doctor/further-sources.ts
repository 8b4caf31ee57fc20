import type { Finding } from '@cerberusmesh/contract/doctor';
import { askOnce } from '../../collect/cloudwatch/ask-once.ts';
import { askOnce as listOnce } from '../../collect/s3/ask-once.ts';
import type { Config } from '../../config.ts';
import { awsAccess } from '../aws-access.ts';
import { fault, off, sound } from './finding.ts';
import { whyUnreachable } from './unreachable.ts';

/** Whether what is followed elsewhere answers. */
export async function checkFurtherSources(config: Config): Promise<readonly Finding[]> {
  return [...(await checkGroups(config)), ...(await checkDrops(config))];
}

async function checkGroups(config: Config): Promise<Finding[]> {
  const check = 'cloudwatch';
  const { groups, filter } = config.cloudwatch;
  if (groups.length === 0) return [off(check, 'No log groups are followed (CERBERUS_CLOUDWATCH_GROUPS).')];
  return await Promise.all(
    groups.map(async (group) => {
      const why = await askOnce({ ...awsAccess(config), group, filter }).then(() => undefined, whyUnreachable);
      if (why === undefined) return sound(check, `The log group ${group} can be read.`);
      const fix = 'Put its name, CERBERUS_CLOUDWATCH_FILTER or the AWS_ settings right; it needs logs:FilterLogEvents.';
      return fault(check, `The log group ${group} cannot be read (${why}).`, fix);
    }),
  );
}

async function checkDrops(config: Config): Promise<Finding[]> {
  const check = 's3';
  const { drops } = config.s3;
  if (drops.length === 0) return [off(check, 'No folders of S3 are read (CERBERUS_S3_DROPS).')];
  return await Promise.all(
    drops.map(async ({ bucket, prefix }) => {
      const place = `s3://${bucket}/${prefix}`;
      const why = await listOnce({ ...awsAccess(config), bucket, prefix }).then(() => undefined, whyUnreachable);
      if (why === undefined) return sound(check, `${place} can be listed.`);
      const fix = 'Put CERBERUS_S3_DROPS or the AWS_ settings right; it needs s3:ListBucket and s3:GetObject.';
      return fault(check, `${place} cannot be listed (${why}).`, fix);
    }),
  );
}
