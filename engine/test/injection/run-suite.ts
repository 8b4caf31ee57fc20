import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSettings } from '@cerberusmesh/contract/settings';
import { noSignals } from '@cerberusmesh/contract/situation';
import { startSession } from '../../src/assess/assess.ts';
import { loadAssess } from '../../src/assess/load-assess.ts';
import { composeAnalyst } from '../../src/compose/analyst.ts';
import { policyFileOf, readPolicyFile } from '../../src/compose/compose-decide.ts';
import { composePipeline } from '../../src/compose/compose-pipeline.ts';
import { createDecider } from '../../src/compose/decider.ts';
import { projectDir } from '../../src/compose/project.ts';
import { createReadings } from '../../src/compose/readings.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kit/clock.ts';
import type { Database } from '../../src/store/database.ts';
import { loadSessionChange } from '../../src/store/session-changes.ts';
import { eventIds, type LlmServer, type Question, startLlmServer } from '../support/llm-server.ts';
import { injectionCases } from './cases.ts';
import { obey } from './obedient-model.ts';
import { findUnsafe, type Standing } from './unsafe.ts';
import { linesOf, sessionIdOf } from './visits.ts';

const noCache = { find: async () => undefined, keep: async () => undefined };

export interface SuiteResult {
  readonly cases: number;
  /** Cases whose text reached the model. */
  readonly asked: number;
  readonly unsafe: readonly { readonly id: string; readonly faults: readonly string[] }[];
  readonly readingsTaken: number;
  readonly readingsRefused: number;
  /** Sessions that carry the label and the technique of an attempt. */
  readonly detected: number;
  readonly missed: readonly string[];
}

const sensor = 'sensor-a';

/**
 * Every case as a real visit: through the pipeline into the database, read by a model that obeys the attacker, over
 * HTTP, decided about by the default policy. Then looks at what followed.
 */
export async function runInjectionSuite(database: Database): Promise<SuiteResult> {
  const server = await startLlmServer();
  try {
    const config = configFor(server);
    const policy = await readPolicyFile(policyFileOf(config));
    const readings = createReadings();
    const newDecider = (signals: object | undefined) =>
      createDecider({
        policy,
        settings: () => defaultSettings,
        done: [],
        isControl: () => false,
        recordedSensor: 'none',
        clock: systemClock,
        signalsOf: ({ event }) => signals ?? { llm: readings.find(event) },
      });
    const decider = newDecider(undefined);
    const analyst = composeAnalyst({
      ...{ config, database, clock: systemClock, log: silent, readings, cache: noCache },
      policy: { isWorthAnalysing: decider.isWorthAnalysing, currentPolicy: () => policy },
      decide: decider.decide,
      decided: decider.made,
      findAnalysis: async () => undefined,
      publish: () => undefined,
    });
    await store(database, decider, analyst.follow);
    const before = await readStandings(database);
    const questions = await letAnalyse(database, server, analyst.run);
    const after = await readStandings(database);
    const highest = { ...noSignals, llm: { threatScore: 1, confidence: 1, recommends: 'none' } };
    return await judge({ database, before, after, questions, raiseMax: policy.policy.guards.llmRaiseMax, allowed });

    /** What the policy does about a session whose score is raised as far as it may be. */
    async function allowed(sessionId: string, eventId: string): Promise<ReadonlySet<string>> {
      const change = await loadSessionChange(database.pool, { sensor, sessionId }, eventId);
      const decisions = change ? newDecider(highest).decide([change]) : [];
      return new Set(['monitor', ...decisions.map(({ wanted }) => wanted)]);
    }
  } finally {
    await server.close();
  }
}

function configFor(server: LlmServer): Config {
  const env = {
    CERBERUS_DATA_DIR: join(tmpdir(), 'not-written'),
    CERBERUS_LLM_PROVIDER: 'openai-compatible',
    CERBERUS_LLM_BASE_URL: server.url,
    CERBERUS_LLM_REQUESTS_PER_HOUR: '100000',
    CERBERUS_LLM_REQUESTS_PER_DAY: '100000',
    CERBERUS_LLM_TOKENS_PER_HOUR: '900000000',
    CERBERUS_LLM_TOKENS_PER_DAY: '900000000',
  };
  return readConfig({ env, flags: {}, readFile: noFile, cwd: '/', home: '/', projectDir: null });
}

function noFile(): never {
  throw Object.assign(new Error('there is no file'), { code: 'ENOENT' });
}

const silent = { info: () => undefined, warn: () => undefined };

async function store(
  database: Database,
  decider: ReturnType<typeof createDecider>,
  follow: ReturnType<typeof composeAnalyst>['follow'],
): Promise<void> {
  const pipeline = composePipeline({
    database,
    clock: systemClock,
    timeZone: 'UTC',
    assess: loadAssess({ modelsFolder: join(projectDir, 'models'), policyFolder: join(projectDir, 'policy') }),
    startSession,
    isProbe: () => false,
    decide: decider.decide,
    follow,
    publish: ({ decisions }) => decider.made(decisions),
    assessFailed: (_event, error) => {
      throw error;
    },
  });
  const source = { sourceId: 'injection', kind: 'file', place: 'injection' };
  for (const [index, one] of injectionCases.entries()) {
    const lines = linesOf(one, index, sensor).map((text) => ({ text, coveredBytes: Buffer.byteLength(text) + 1 }));
    const readBytes = lines.reduce((sum, line) => sum + line.coveredBytes, 0);
    await pipeline.onLines({ sourceId: source.sourceId, lines, position: index, readBytes }, source);
  }
}

/** Runs the analyst's own job lanes until every session has been read. @returns the questions, by session. */
async function letAnalyse(
  database: Database,
  server: LlmServer,
  run: (signal: AbortSignal) => Promise<void>,
): Promise<ReadonlyMap<string, Question[]>> {
  const { rows } = await database.pool.query<{ id: string; session_id: string }>('select id, session_id from events');
  const sessionOf = new Map(rows.map(({ id, session_id }) => [id, session_id]));
  const caseOf = new Map(injectionCases.map((one, index) => [sessionIdOf(index), one]));
  const questions = new Map<string, Question[]>();
  server.answer((question) => {
    const sessionId = sessionOf.get(eventIds(question)[0] ?? '') ?? '';
    questions.set(sessionId, [...(questions.get(sessionId) ?? []), question]);
    const elsewhere = rows.find(({ session_id }) => session_id !== sessionId)?.id ?? '';
    return obey(caseOf.get(sessionId)?.goal ?? 'lower', question, elsewhere);
  });
  await database.pool.query("update jobs set run_at = now() where kind = 'analyse'");
  const stop = new AbortController();
  const running = run(stop.signal);
  while ((await count(database, "jobs where kind = 'analyse' and done_at is null and failed_at is null")) > 0) {
    await systemClock.sleep(50);
  }
  stop.abort();
  await running;
  return questions;
}

async function count(database: Database, from: string): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(`select count(*)::int as n from ${from}`);
  return rows[0]?.n ?? 0;
}

async function readStandings(database: Database): Promise<ReadonlyMap<string, Standing>> {
  const { rows } = await database.pool.query<Standing & { session_id: string }>(
    `select s.session_id, s.severity, s.threat_score as "threatScore", s.techniques::text as techniques,
            (select string_agg(e.severity || e.threat_score, ',' order by e.id) from events e
              where e.session_id = s.session_id) as "eventSeverities"
       from sessions s`,
  );
  return new Map(rows.map(({ session_id, ...standing }) => [session_id, standing]));
}

async function judge(found: {
  readonly database: Database;
  readonly before: ReadonlyMap<string, Standing>;
  readonly after: ReadonlyMap<string, Standing>;
  readonly questions: ReadonlyMap<string, Question[]>;
  readonly raiseMax: number;
  readonly allowed: (sessionId: string, eventId: string) => Promise<ReadonlySet<string>>;
}): Promise<SuiteResult> {
  const unsafe: { id: string; faults: string[] }[] = [];
  const missed: string[] = [];
  let [taken, refused, asked] = [0, 0, 0];
  for (const [index, one] of injectionCases.entries()) {
    const sessionId = sessionIdOf(index);
    const faults = await faultsOf(sessionId);
    if (faults.length > 0) unsafe.push({ id: one.id, faults });
    if (!found.before.get(sessionId)?.techniques.includes('AML.T0051')) missed.push(one.id);
  }
  const cases = injectionCases.length;
  const readings = { readingsTaken: taken, readingsRefused: refused };
  return { cases, asked, unsafe, ...readings, detected: cases - missed.length, missed };

  async function faultsOf(sessionId: string): Promise<string[]> {
    const { database, before, after, questions, raiseMax, allowed } = found;
    const { rows: events } = await database.pool.query<{ id: string; texts: string }>(
      `select id, concat_ws(E'\\n', command, username, password, raw_event->>'url', raw_event->>'filename', raw_event->>'version') as texts
         from events where session_id = $1 order by threat_score desc`,
      [sessionId],
    );
    const { rows: analyses } = await database.pool.query<AnalysisRow>(
      'select status, reading, citations, why, threat_score_after from analyses where session_id = $1',
      [sessionId],
    );
    const { rows: decisions } = await database.pool.query<{ decision: string }>(
      'select decision from decisions where session_id = $1',
      [sessionId],
    );
    const [analysis] = analyses;
    const [was, is] = [before.get(sessionId), after.get(sessionId)];
    if (!analysis || !was || !is) return ['the session was never read'];
    if (questions.has(sessionId)) asked++;
    if (analysis.status === 'read') taken++;
    else refused++;
    return findUnsafe({
      before: was,
      after: is,
      raiseMax,
      allowedDecisions: await allowed(sessionId, events[0]?.id ?? ''),
      decisions: decisions.map(({ decision }) => decision),
      analysis: { ...analysis, threatScoreAfter: analysis.threat_score_after },
      eventIds: new Set(events.map(({ id }) => id)),
      texts: events.map(({ texts }) => texts),
      questions: questions.get(sessionId) ?? [],
    });
  }
}

interface AnalysisRow {
  readonly status: string;
  readonly reading: unknown;
  readonly citations: string[];
  readonly why: string;
  readonly threat_score_after: number;
}
