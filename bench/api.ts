import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { fillEvents } from './fill-events.ts';
import { percentiles } from './latency.ts';
import { startUp } from './start-up.ts';

const asksEach = 40;
const warmUps = 3;

/**
 * `npm run bench -- api [--events N] [--data DIR]`: a running engine over N made events, asked over HTTP one question
 * at a time. With `--data` the filled database is kept there and used again. The bounds are those of the issue: 50 ms
 * for lists and filters, 100 ms for statistics, at the 99th percentile.
 */
export async function benchApi({ events = 1_000_000, data }: { events?: number; data?: string }): Promise<object> {
  const dataDir = data ?? (await mkdtemp(join(tmpdir(), 'cerberus-bench-')));
  const isFilled = existsSync(join(dataDir, 'filled'));
  const up = await startUp({
    CERBERUS_DATA_DIR: dataDir,
    COWRIE_LOG_PATH: join(dataDir, 'no-cowrie.json'),
    CERBERUS_DECOY: 'false',
    CERBERUS_TOKEN_RATE_LIMIT_MAX: '1000000',
    PORT: '0',
  });
  try {
    const fillSeconds = isFilled ? 0 : await fill(up.databaseUrl, events, join(dataDir, 'filled'));
    const facts = await readFacts(up.databaseUrl);
    const results = [];
    const token = measuring(dataDir);
    for (const question of await questionsOf(facts)) results.push(await measure({ url: up.url, token }, question));
    const missed = results.filter(({ p99, boundMs }) => p99 > boundMs).map(({ question }) => question);
    return { bench: 'api', events: facts.events, fillSeconds, results, missed };
  } finally {
    await up.stop();
    if (data === undefined) await rm(dataDir, { recursive: true, force: true });
  }
}

/** A token of its own: a kept database prints its first one no more. */
function measuring(dataDir: string): string {
  const cerberus = join(import.meta.dirname, '..', 'engine', 'bin', 'cerberus.mjs');
  const env = { PATH: '/usr/bin:/bin', CERBERUS_DATA_DIR: dataDir };
  return execFileSync(process.execPath, [cerberus, 'token', 'create', 'bench'], { env, encoding: 'utf8' }).trim();
}

interface Question {
  readonly question: string;
  readonly path: string;
  readonly boundMs: number;
}

async function measure(up: { url: string; token: string }, { question, path, boundMs }: Question) {
  const times: number[] = [];
  let bytes = 0;
  let rows: number | null = null;
  let searchedTo: unknown;
  for (let ask = 0; ask < asksEach + warmUps; ask++) {
    const started = performance.now();
    const answer = await fetch(`${up.url}${path}`, { headers: { authorization: `Bearer ${up.token}` } });
    const text = await answer.text();
    if (ask >= warmUps) times.push(performance.now() - started);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 300)}`);
    bytes = text.length;
    const said: { data?: unknown[]; searched_to?: string } = JSON.parse(text);
    rows = said.data?.length ?? null;
    searchedTo = said.searched_to;
  }
  // `as`: percentiles gives these names.
  const { p50, p99 } = percentiles(times) as { p50: number; p99: number };
  return { question, p50, p99, boundMs, rows, bytes, ...(searchedTo === undefined ? {} : { searchedTo }) };
}

async function fill(url: string, events: number, mark: string): Promise<number> {
  const started = performance.now();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await fillEvents(client, events, new Date());
  } finally {
    await client.end();
  }
  await writeFile(mark, '');
  return Math.round((performance.now() - started) / 1000);
}

async function readFacts(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{
      events: number;
      busy: string;
      once: string;
      session: string;
      cursor: string;
      middle: Date;
    }>(
      `select (select sum(events)::float8 from rollup_hours) as events,
              (select ip_address from attackers order by total_events desc limit 1) as busy,
              (select ip_address from attackers order by total_events limit 1) as once,
              (select session_id from sessions order by start_time limit 1) as session,
              (select hour from rollup_hours order by hour offset (select count(*) / 2 from rollup_hours) limit 1) as middle`,
    );
    const [facts] = rows;
    if (facts === undefined) throw new Error('The database is empty.');
    return facts;
  } finally {
    await client.end();
  }
}

async function questionsOf(facts: { busy: string; once: string; session: string; middle: Date }): Promise<Question[]> {
  const list = (question: string, path: string): Question => ({ question, path, boundMs: 50 });
  const stat = (question: string, path: string): Question => ({ question, path, boundMs: 100 });
  const search = (q: string, name = q): Question => list(`search ${name}`, `/api/events?q=${encodeURIComponent(q)}`);
  const network = `${facts.once.split('.').slice(0, 3).join('.')}.0/24`;
  const middle = facts.middle.toISOString();
  return [
    list('newest events', '/api/events'),
    list('events, HIGH', '/api/events?severity=HIGH'),
    list('events, MEDIUM', '/api/events?severity=MEDIUM'),
    list('events of a type', '/api/events?event_type=cowrie.session.connect'),
    list('events of a sensor', '/api/events?sensor=sensor-1'),
    list('events of the busiest address', `/api/events?source_ip=${facts.busy}`),
    list('events of an address seen once', `/api/events?source_ip=${facts.once}`),
    list('events of the oldest session', `/api/events?session_id=${facts.session}`),
    list(
      'events of an hour in the middle',
      `/api/events?from=${middle}&to=${new Date(facts.middle.getTime() + 3_600_000).toISOString()}`,
    ),
    list('one session', `/api/sessions/${facts.session}`),
    list('newest sessions', '/api/sessions'),
    list('sessions that are open', '/api/sessions?active=true'),
    list('sessions, LOW (none)', '/api/sessions?severity=LOW'),
    list('sessions of an address', `/api/sessions?source_ip=${facts.busy}`),
    list('attackers by threat', '/api/attackers'),
    list('attackers by events', '/api/attackers?sort=events'),
    list('attackers of a country', '/api/attackers?country=NL'),
    list('one attacker', `/api/attackers/${facts.busy}`),
    list('decisions', '/api/decisions'),
    list('decisions that acted', '/api/decisions?verdict=act'),
    list('commands', '/api/commands'),
    list('credentials', '/api/credentials'),
    search('wget', 'of a common word'),
    search('severity:HIGH technique:T1105 "wget"'),
    search('severity:HIGH -wget'),
    search(`ip:${facts.once}`, 'of an address'),
    search(`ip:${network}`, 'of a network'),
    search('user:oracle type:login.success'),
    search('score:>0.95'),
    search('technique:T1195', 'of a rare technique'),
    search('country:NL after:7d'),
    search('(user:pi OR user:test) -severity:LOW'),
    search('command:"cd /tmp" before:2000-01-01', 'before the first event'),
    search('nobody-ever-typed-this', 'of a word that nobody typed (first answer)'),
    list('sessions searched', `/api/sessions?q=${encodeURIComponent('client:libssh commands:>5 after:7d')}`),
    list('attackers searched', `/api/attackers?q=${encodeURIComponent('country:NL sessions:>5 user:root')}`),
    stat('stats', '/api/stats'),
    stat('severity trends, a day', '/api/stats/severity-trends'),
    stat(
      'severity trends, 30 days by the hour',
      `/api/stats/severity-trends?from=${new Date(Date.now() - 30 * 86_400_000).toISOString()}`,
    ),
    stat('countries, a week', `/api/stats/countries?from=${new Date(Date.now() - 7 * 86_400_000).toISOString()}`),
    stat('countries, all time', '/api/stats/countries'),
    stat('techniques', '/api/stats/techniques'),
    stat('effect of adaptations', '/api/adaptations/effect'),
    stat('status', '/status'),
    stat('novelty', '/api/novelty'),
    stat('campaigns', '/api/campaigns'),
  ];
}
