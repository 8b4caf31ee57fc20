import type { Finding } from '@cerberusmesh/contract/doctor';
import { createAbuseIpdb } from '../../assess/reputation/abuse-ipdb.ts';
import { createGreyNoise } from '../../assess/reputation/grey-noise.ts';
import { ProviderRefused, type ReputationProvider } from '../../assess/reputation/provider.ts';
import { createVirusTotal } from '../../assess/reputation/virus-total.ts';
import type { Config } from '../../config.ts';
import type { Secret } from '../../kit/secret.ts';
import { fault, off, sound } from './finding.ts';
import { whyUnreachable } from './unreachable.ts';

const timeoutMs = 8_000;
/** What every provider may be asked about: an address that is nobody's, and the hash of the empty file. */
const harmlessAddress = '127.0.0.1';
const publicAddress = '1.1.1.1';
const emptyFile = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

interface Asked {
  readonly title: string;
  readonly setting: string;
  readonly key: Secret | null;
  readonly create: (options: { apiKey: string; dailyMax: number; baseUrl?: string }) => ReputationProvider;
  readonly about: string;
}

/**
 * Puts one question to each provider that has a key: a wrong key and a quota that is used up show in no other way.
 * `baseUrl` is for tests.
 */
export async function checkReputation({ reputation }: Config, baseUrl?: string): Promise<readonly Finding[]> {
  const { abuseIpdbKey, greyNoiseKey, virusTotalKey, dailyMax } = reputation;
  const providers: readonly Asked[] = [
    {
      title: 'AbuseIPDB',
      setting: 'ABUSEIPDB_API_KEY',
      key: abuseIpdbKey,
      create: createAbuseIpdb,
      about: harmlessAddress,
    },
    {
      title: 'GreyNoise',
      setting: 'GREYNOISE_API_KEY',
      key: greyNoiseKey,
      create: createGreyNoise,
      about: publicAddress,
    },
    {
      title: 'VirusTotal',
      setting: 'VIRUSTOTAL_API_KEY',
      key: virusTotalKey,
      create: createVirusTotal,
      about: emptyFile,
    },
  ];
  const findings = providers.flatMap(({ key, create, ...rest }) => {
    if (key === null) return [];
    const provider = create({ apiKey: key.reveal(), dailyMax, ...(baseUrl === undefined ? {} : { baseUrl }) });
    return [ask(provider, rest)];
  });
  if (findings.length > 0) return await Promise.all(findings);
  return [off('reputation', 'No provider is asked about addresses and files (ABUSEIPDB_API_KEY and others).')];
}

async function ask(
  provider: ReputationProvider,
  { title, setting, about }: Pick<Asked, 'title' | 'setting' | 'about'>,
): Promise<Finding> {
  const check = 'reputation';
  try {
    await provider.ask(about, AbortSignal.timeout(timeoutMs));
    return sound(check, `${title} answers and takes the key.`);
  } catch (error) {
    const status = error instanceof ProviderRefused ? error.status : undefined;
    if (status === 401 || status === 403)
      return fault(check, `${title} refuses the key (${status}).`, `Put ${setting} right.`);
    if (status === 429)
      return fault(
        check,
        `${title} says that the quota is used up (429).`,
        'Wait for its next day, or lower CERBERUS_REPUTATION_DAILY_MAX.',
      );
    return fault(
      check,
      `${title} gives no answer: ${whyUnreachable(error)}.`,
      `Let this machine out to it, or unset ${setting}.`,
    );
  }
}
