import { clockJumps } from './clock-jumps.ts';
import { debianAway, embeddedAway } from './database-away.ts';
import { databaseDiskFull, logDiskFull, spoolDiskFull } from './disk-full.ts';
import { failOver } from './fail-over.ts';
import { fuzz } from './fuzz.ts';
import { kills } from './kills.ts';
import { longSession, manySessions } from './many-events.ts';
import { redisAway } from './redis.ts';
import type { Check, Scenario, ScenarioOptions, ScenarioReport } from './scenario.ts';
import { slowConsumer } from './slow-consumer.ts';

export const scenarios: readonly Scenario[] = [
  ...[kills, debianAway, embeddedAway, failOver, redisAway, databaseDiskFull, logDiskFull, spoolDiskFull],
  ...[clockJumps, slowConsumer, manySessions, longSession, fuzz],
];

/**
 * `npm run bench -- reliability [NAME…] [--kills N] [--lines N] [--seconds N] [--seed N]`: what goes wrong in the field is done to a
 * running engine, and then its books are looked at. The names are those of the table that it prints; without one all are run.
 */
export async function benchReliability(
  names: readonly string[],
  asked: { readonly kills: number; readonly lines?: number; readonly seconds: number; readonly seed: number },
): Promise<object> {
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown.length > 0)
    throw new Error(`No scenario ${unknown}; there are ${scenarios.map(({ name }) => name).join(', ')}`);
  const reports: ScenarioReport[] = [];
  for (const scenario of scenarios.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const report = await runOne(scenario, asked);
    say(row(report));
    for (const check of report.checks.filter(isBroken))
      say(`    ${check.what}: expected ${check.expected}, found ${check.found}`);
    reports.push(report);
  }
  say(`\n${reports.map(row).join('\n')}`);
  const sound = reports.every(({ state }) => state !== 'broke');
  if (!sound) process.exitCode = 1;
  return { bench: 'reliability', ...asked, sound, scenarios: reports };
}

async function runOne(
  scenario: Scenario,
  asked: { kills: number; lines?: number; seconds: number; seed: number },
): Promise<ScenarioReport> {
  const { name, does } = scenario;
  const why = scenario.missing?.();
  if (why !== undefined) return { scenario: name, does, state: 'skipped', seconds: 0, checks: [], why };
  say(`${name}: ${does}`);
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 100) / 10;
  const options: ScenarioOptions = {
    ...{ kills: asked.kills, lines: asked.lines, seconds: asked.seconds, seed: asked.seed },
    random: createRandom(asked.seed),
    say: (sentence) => say(`    ${sentence}`),
  };
  try {
    const outcome = await scenario.run(options);
    const state = outcome.checks.some(isBroken) ? 'broke' : 'held';
    return { scenario: name, does, state, seconds: seconds(), ...outcome };
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { scenario: name, does, state: 'broke', seconds: seconds(), checks: [], why };
  }
}

function isBroken({ expected, found }: Check): boolean {
  return expected !== found;
}

function row({ scenario, state, seconds, checks, why, facts }: ScenarioReport): string {
  const held = checks.filter((check) => !isBroken(check)).length;
  const said =
    why ??
    Object.entries(facts ?? {})
      .map(([name, fact]) => `${name} ${JSON.stringify(fact)}`)
      .join(', ');
  return `${scenario.padEnd(20)} ${state.padEnd(8)} ${`${seconds} s`.padStart(9)}  ${held}/${checks.length} checks  ${said}`;
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
