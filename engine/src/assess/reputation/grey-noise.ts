import { z } from 'zod';
import { askJson, cut, type ReputationProvider } from './provider.ts';

/** `GET /v3/community/{ip}` of GreyNoise; 404 is its word for an address that it has not seen. */
const Community = z.object({
  noise: z.boolean(),
  riot: z.boolean(),
  classification: z.string().optional(),
  name: z.string().optional(),
});

/** GreyNoise's community answer: who scans the whole internet, and who is a common service; null of anybody else. */
export function createGreyNoise(options: {
  readonly apiKey: string;
  readonly dailyMax: number;
  readonly baseUrl?: string;
}): ReputationProvider {
  const { apiKey, dailyMax, baseUrl = 'https://api.greynoise.io' } = options;
  return {
    name: 'greynoise',
    dailyMax,
    keepHours: 24,
    async ask(address, signal) {
      const url = `${baseUrl}/v3/community/${encodeURIComponent(address)}`;
      const headers = { key: apiKey, Accept: 'application/json' };
      const seen = await askJson(Community, url, headers, signal, { known: [404] });
      if (!seen.noise && !seen.riot) return { score: null, says: 'GreyNoise has not seen it scan.' };
      const called = seen.name === undefined || seen.name === 'unknown' ? '' : ` (${cut(seen.name)})`;
      if (seen.riot) return { score: 0, says: `GreyNoise: a common business service${called}.` };
      const score = { malicious: 1, benign: 0 }[seen.classification ?? ''] ?? 0.5;
      return { score, says: `GreyNoise: scans the internet, ${cut(seen.classification ?? 'unknown')}${called}.` };
    },
  };
}
