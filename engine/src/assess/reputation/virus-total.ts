import { z } from 'zod';
import { askJson, cut, type ReputationProvider } from './provider.ts';

const Count = z.number().int().nonnegative().default(0);

/** `GET /api/v3/files/{sha256}` of VirusTotal; what we use of it. Without `data` it does not know the file. */
const FileReport = z.object({
  data: z
    .object({
      attributes: z.object({
        last_analysis_stats: z.object({ malicious: Count, suspicious: Count, undetected: Count, harmless: Count }),
        popular_threat_classification: z.object({ suggested_threat_label: z.string().optional() }).optional(),
      }),
    })
    .optional(),
});

/** From so many engines on that call it bad, nobody doubts it any more. */
const certainEngines = 10;

/** Asks for a file by its SHA-256; the file itself is never sent. */
export function createVirusTotal(options: {
  readonly apiKey: string;
  readonly dailyMax: number;
  readonly baseUrl?: string;
}): ReputationProvider {
  const { apiKey, dailyMax, baseUrl = 'https://www.virustotal.com' } = options;
  return {
    name: 'virustotal',
    dailyMax,
    keepHours: 72,
    async ask(sha256, signal) {
      const url = `${baseUrl}/api/v3/files/${encodeURIComponent(sha256)}`;
      const headers = { 'x-apikey': apiKey, Accept: 'application/json' };
      const { data } = await askJson(FileReport, url, headers, signal, { known: [404] });
      if (data === undefined) return { score: null, says: 'VirusTotal does not know it.' };
      const { malicious, suspicious, undetected, harmless } = data.attributes.last_analysis_stats;
      const label = data.attributes.popular_threat_classification?.suggested_threat_label;
      const called = label === undefined ? '' : `, mostly as ${cut(label)}`;
      return {
        score: Math.min(1, (malicious + suspicious / 2) / certainEngines),
        says: `VirusTotal: ${malicious} of ${malicious + suspicious + undetected + harmless} engines call it malicious${called}.`,
      };
    },
  };
}
