import type { Finding } from '@cerberusmesh/contract/doctor';
import { createMlClient } from '../../assess/remote/ml-client.ts';
import type { Config } from '../../config.ts';
import { fault, off, sound } from './finding.ts';
import { whyUnreachable } from './unreachable.ts';

/** Whether `cerberus ml` answers, where one is named. */
export async function checkMlService({ ml }: Config): Promise<readonly Finding[]> {
  const check = 'ml service';
  if (ml.serviceUrl === null) return [off(check, 'The models run inside the engine.')];
  const client = createMlClient({
    ...{ url: ml.serviceUrl, token: ml.token?.reveal(), timeoutMs: ml.timeoutSeconds * 1000 },
  });
  const why = await client.ping(new AbortController().signal).then(() => undefined, whyUnreachable);
  if (why === undefined) return [sound(check, `It answers at ${ml.serviceUrl}.`)];
  const says = `${ml.serviceUrl} does not answer as one (${why}); events wait as UNKNOWN.`;
  return [
    fault(check, says, 'Start it there: cerberus ml; or unset ML_SERVICE_URL, and the engine assesses by itself.'),
  ];
}
