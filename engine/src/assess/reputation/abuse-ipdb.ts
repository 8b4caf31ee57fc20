import { z } from 'zod';
import { askJson, type ReputationProvider } from './provider.ts';

/** `GET /api/v2/check` of AbuseIPDB; what we use of it. */
const Check = z.object({
  data: z.object({
    abuseConfidenceScore: z.number().min(0).max(100),
    totalReports: z.number(),
    numDistinctUsers: z.number().optional(),
    isWhitelisted: z.boolean().nullish(),
  }),
});

const maxAgeDays = 90;

/** AbuseIPDB's confidence of abuse in the last `maxAgeDays`; null where nobody reported the address. */
export function createAbuseIpdb(options: {
  readonly apiKey: string;
  readonly dailyMax: number;
  readonly baseUrl?: string;
}): ReputationProvider {
  const { apiKey, dailyMax, baseUrl = 'https://api.abuseipdb.com' } = options;
  return {
    name: 'abuseipdb',
    dailyMax,
    keepHours: 24,
    async ask(address, signal) {
      const query = new URLSearchParams({ ipAddress: address, maxAgeInDays: String(maxAgeDays) });
      const headers = { Key: apiKey, Accept: 'application/json' };
      const { data } = await askJson(Check, `${baseUrl}/api/v2/check?${query}`, headers, signal);
      if (data.totalReports === 0) return { score: null, says: 'AbuseIPDB has no report of it.' };
      const by = data.numDistinctUsers === undefined ? '' : ` by ${data.numDistinctUsers} people`;
      return {
        score: data.isWhitelisted === true ? 0 : data.abuseConfidenceScore / 100,
        says: `AbuseIPDB: ${data.totalReports} reports${by} in ${maxAgeDays} days, confidence ${data.abuseConfidenceScore} %.`,
      };
    },
  };
}
