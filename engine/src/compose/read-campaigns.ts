import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { NormalizedLine } from '@cerberusmesh/contract/between-stages';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { createLogFileReader } from '../collect/log-files.ts';
import { createNormalize } from '../normalize/normalize.ts';
import { collectVisits, type Visit } from '../simulate/campaign.ts';
import { projectDir } from './project.ts';

export interface NamedCampaign {
  readonly name: string;
  readonly visits: readonly Visit[];
}

/** Only the beginning of a log is looked at: a campaign of thousands of visits is not played here. */
const linesMax = 200_000;

/**
 * Campaigns by name (a folder of `recordings/`) or by path (any Cowrie log, also compressed); without one, all of our
 * recordings. Together at most `sessionsMax` visits. @throws CerberusError SOURCE_UNREADABLE
 */
export async function readCampaigns(given: readonly string[], sessionsMax: number): Promise<NamedCampaign[]> {
  const ours = (await readdir(join(projectDir, 'recordings'), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const campaigns: NamedCampaign[] = [];
  let left = sessionsMax;
  for (const one of given.length > 0 ? given : ours) {
    if (left === 0) break;
    const path = ours.includes(one) ? join(projectDir, 'recordings', one, 'cowrie.jsonl') : resolve(one);
    const visits = collectVisits(await readLines(path), left);
    if (visits.length === 0) throw new CerberusError('SOURCE_UNREADABLE', `${path} holds no visit that can be played.`);
    campaigns.push({ name: basename(one), visits });
    left -= visits.length;
  }
  return campaigns;
}

async function readLines(path: string): Promise<NormalizedLine[]> {
  const normalize = createNormalize();
  const lines: NormalizedLine[] = [];
  const { signal } = new AbortController();
  for await (const batch of createLogFileReader({ path, sourceId: 'simulate', position: null, signal })) {
    for (const line of batch.lines) {
      const reading = normalize(line);
      if (reading.line) lines.push(reading.line);
    }
    if (lines.length >= linesMax) break;
  }
  return lines.slice(0, linesMax);
}
