import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { SessionDigest } from '@cerberusmesh/contract/campaign';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { z } from 'zod';
import { readKnownCommands } from '../engine/src/assess/attack/load-rules.ts';
import { createDigester } from '../engine/src/assess/campaign/digest.ts';
import { joinCampaign } from '../engine/src/assess/campaign/join.ts';
import { CampaignMemory } from '../engine/src/assess/campaign/memory.ts';
import { readJsonLines } from '../engine/src/assess/train/read-json-lines.ts';
import { loggedEvents } from '../engine/src/commands/train.ts';
import { createSessionFolder } from '../engine/src/compose/fold-sessions.ts';
import { systemClock } from '../engine/src/kit/clock.ts';
import { openDatabase } from '../engine/src/store/database.ts';
import { startEmbeddedPostgres } from '../engine/src/store/embedded/server.ts';
import { familyOf } from './campaign-families.ts';
import { poisoned } from './campaign-poison.ts';
import { measureCerberus } from './child.ts';

interface Labelled {
  readonly digest: SessionDigest;
  readonly family: string | undefined;
}

/**
 * `npm run bench -- campaigns [--data FOLDER]`: how well sessions are folded, against families that the folding knows
 * nothing of, honest and poisoned; and what it costs, alone and with the database.
 */
export async function benchCampaigns({ data }: { data?: string }): Promise<object> {
  const from = resolve(data ?? join(import.meta.dirname, '../../shared/data'));
  if (!existsSync(join(from, 'raw'))) throw new Error(`Expected logs in ${from}/raw; name their folder with --data.`);
  const known = readKnownCommands(join(import.meta.dirname, '../policy/attack/known-commands.json'));
  const digest = createDigester((name) => known.has(name));
  const started = performance.now();
  const raw = [...sessionsOf(join(from, 'raw'))].map(([id, events]) => label(digest(id, events), events));
  const digestMs = performance.now() - started;
  const haas = haasSessions(join(from, 'unlabelled/haas_sessions.jsonl')).map(([id, events]) =>
    label(digest(id, events), events),
  );
  return {
    method:
      'B-cubed over sessions that carry the mark of a known family; a session without a campaign counts as one of its own. Purity: share of sessions whose family is the commonest of their campaign',
    raw: fold(raw),
    rawByBehaviourAlone: fold(raw.map((one) => ({ ...one, digest: { ...one.digest, evidence: [] } }))),
    haas: fold(haas),
    haasByBehaviourAlone: fold(haas.map((one) => ({ ...one, digest: { ...one.digest, evidence: [] } }))),
    poisoned: {
      method:
        'raw with HaaS; to every fifth session a popular token, key and link added; then 300 sessions of 2 addresses that each show evidence of two other sessions',
      before: fold([...raw, ...haas]),
      after: fold(poisoned([...raw, ...haas])),
    },
    cost: { digestMicrosecondsPerSession: round((digestMs * 1000) / raw.length), ...(await costWithDatabase(from)) },
  };
}

function fold(sessions: readonly Labelled[]) {
  const memory = new CampaignMemory();
  const homes = new Map<string, string>();
  const into = new Map<string, string>();
  let merges = 0;
  const started = performance.now();
  for (const [at, { digest }] of sessions.entries()) {
    const joined = joinCampaign(digest, memory, { id: `c${`${at}`.padStart(8, '0')}`, at: new Date(at) });
    if (!joined) continue;
    homes.set(digest.sessionId, joined.membership.campaignId);
    for (const { youngerId, olderId } of joined.merges) into.set(youngerId, olderId);
    merges += joined.merges.length;
  }
  const joinMs = performance.now() - started;
  const campaignOf = (id: string) => {
    let home = homes.get(id) ?? `none ${id}`;
    for (let next = into.get(home); next !== undefined; next = into.get(home)) home = next;
    return home;
  };
  const told = sessions.flatMap(({ digest, family }) =>
    family === undefined ? [] : [{ campaign: campaignOf(digest.sessionId), family }],
  );
  return {
    sessions: sessions.length,
    inCampaigns: homes.size,
    campaigns: memory.campaigns.size,
    ofSeveralSessions: new Set(
      [...countBy([...homes.keys()].map(campaignOf))].filter(([, count]) => count > 1).map(([id]) => id),
    ).size,
    merges,
    labelled: told.length,
    families: new Set(told.map(({ family }) => family)).size,
    ...bCubed(told),
    joinMicrosecondsPerSession: round((joinMs * 1000) / sessions.length),
  };
}

function bCubed(told: readonly { readonly campaign: string; readonly family: string }[]) {
  const campaigns = countBy(told.map(({ campaign }) => campaign));
  const families = countBy(told.map(({ family }) => family));
  const both = countBy(told.map(({ campaign, family }) => `${campaign}\n${family}`));
  let [precision, recall] = [0, 0];
  for (const { campaign, family } of told) {
    const together = both.get(`${campaign}\n${family}`) ?? 0;
    precision += together / (campaigns.get(campaign) ?? 1);
    recall += together / (families.get(family) ?? 1);
  }
  const commonest = new Map<string, number>();
  for (const [key, count] of both) {
    const campaign = key.slice(0, key.indexOf('\n'));
    commonest.set(campaign, Math.max(commonest.get(campaign) ?? 0, count));
  }
  const count = Math.max(1, told.length);
  return {
    purity: round([...commonest.values()].reduce((sum, n) => sum + n, 0) / count),
    precision: round(precision / count),
    recall: round(recall / count),
  };
}

/** Replays the logs as a user would, and folds what is then stored. */
async function costWithDatabase(from: string) {
  const dataDir = mkdtempSync(join(tmpdir(), 'cerberus-bench-'));
  const server = await startEmbeddedPostgres({ dataDir, clock: systemClock });
  const database = openDatabase({ url: server.url, applicationName: 'bench' });
  try {
    const logs = [
      'faudman_2023_24',
      'kareiva_2018',
      'ranguli_2019',
      'scriptzteam_2017',
      'thomaswebdev_2026',
      'tpet_2022',
      'whoami_2020',
    ];
    const files = logs.map((name) => join(from, 'raw', `${name}.jsonl`));
    await measureCerberus(['replay', ...files, '--json'], { CERBERUS_DATA_DIR: dataDir, DATABASE_URL: server.url });
    // As housekeeping does after an hour of silence: some sensors were killed and never said that a session ended.
    await database.pool.query('update sessions set is_active = false');
    const foldOnce = createSessionFolder({ database, clock: systemClock, timeZone: 'UTC' });
    const cpu = process.cpuUsage();
    const started = performance.now();
    const total = { sessions: 0, members: 0, batches: 0, slowestBatchMs: 0 };
    for (;;) {
      const before = performance.now();
      const { sessions, members } = await foldOnce();
      if (sessions === 0) break;
      total.sessions += sessions;
      total.members += members;
      total.batches++;
      total.slowestBatchMs = Math.max(total.slowestBatchMs, round(performance.now() - before));
    }
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return {
      ...total,
      foldSeconds: round(seconds),
      sessionsPerSecond: Math.round(total.sessions / seconds),
      cpuMicrosecondsPerSession: Math.round((user + system) / total.sessions),
    };
  } finally {
    await database.close();
    await server.release();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function sessionsOf(folder: string): Map<string, SensorEvent[]> {
  const sessions = new Map<string, SensorEvent[]>();
  for (const event of loggedEvents(folder)) {
    if (event.sessionId === null) continue;
    const key = `${event.sensor} ${event.sessionId}`;
    const known = sessions.get(key);
    if (known) known.push(event);
    else sessions.set(key, [event]);
  }
  const startOf = (events: readonly SensorEvent[]) => events[0]?.epochMs ?? 0;
  return new Map([...sessions].sort(([, a], [, b]) => startOf(a) - startOf(b)));
}

/** HaaS tells what was typed and nothing else; every session comes from an address of its own. */
function haasSessions(path: string): [string, SensorEvent[]][] {
  return readJsonLines(path, z.object({ session: z.string() })).map(({ session }, at) => [
    `haas ${at}`,
    [typed(session, at)],
  ]);
}

function typed(input: string, at: number): SensorEvent {
  return {
    id: '01a1f35f-f000-7000-8000-000000000000',
    eventType: 'cowrie.command.input',
    timestamp: '2019-01-01T00:00:00.000000Z',
    epochMs: at,
    sensor: 'haas',
    sessionId: `${at}`,
    protocol: 'ssh',
    sourceIp: `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`,
    sourcePort: null,
    late: false,
    detail: { kind: 'command', phase: 'typed', input },
  };
}

function label(digest: SessionDigest, events: readonly SensorEvent[]): Labelled {
  const lines = events.flatMap(({ detail }) =>
    detail.kind === 'command' && detail.phase === 'typed' ? [detail.input] : [],
  );
  return { digest, family: familyOf(lines.join('\n')) };
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
