import type { Finding } from '@cerberusmesh/contract/doctor';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Config } from '../../config.ts';
import type { Clock } from '../../kit/clock.ts';
import { findDataFolder } from '../../store/data-folder.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { findBinaries } from '../../store/embedded/binaries.ts';
import { findRunningPostgres } from '../../store/embedded/server.ts';
import { readUsage } from '../../store/llm-usage.ts';
import { createMeshSensors } from '../../store/mesh-sensors.ts';
import { inspectSchema } from '../../store/migrate.ts';
import { findTrouble } from '../mesh/sensor-trouble.ts';
import { checkDatabaseDisk } from './disk-space.ts';
import { fault, off, sound } from './finding.ts';
import { checkPolicyHere } from './policy.ts';
import { whyUnreachable } from './unreachable.ts';

const serverVersionMin = 130_000;
/** Decisions compare the database's time with ours: cooldowns, job locks, retention. */
const clockDifferenceMsMax = 5_000;

/** Whether it answers, its version and ours, its clock, the room on its disk, the language model's budget that is counted there, and what the policy names of it. */
export async function checkDatabase(config: Config, clock: Clock): Promise<readonly Finding[]> {
  const configured = config.database.url?.reveal();
  const url = configured ?? (await findRunningPostgres(config.state.dir));
  if (url === undefined) {
    await findBinaries();
    return [sound('database', 'The embedded PostgreSQL is at rest; it starts with the engine.')];
  }
  const database = openDatabase({ url, applicationName: 'cerberus doctor', connectionsMax: 1 });
  try {
    return [
      await checkSchema(database),
      await checkClock(database, clock),
      ...(await checkDatabaseDisk(config, await findDataFolder(database.pool))),
      await checkBudget(database, config, clock),
      ...(await checkSensors(database, config, clock)),
      ...(await checkPolicyHere(database, config).catch(() => [])),
    ];
  } catch (error) {
    return [fault('database', `It does not answer as it should: ${whyUnreachable(error)}.`, fixFor(error))];
  } finally {
    await database.close();
  }
}

async function checkSchema(database: Database): Promise<Finding> {
  const check = 'database';
  try {
    const { serverVersion, version, newest } = await inspectSchema(database);
    if (serverVersion < serverVersionMin) {
      const major = Math.floor(serverVersion / 10_000);
      return fault(check, `It is PostgreSQL ${major}.`, 'Use PostgreSQL 13 or later, or leave DATABASE_URL unset.');
    }
    if (version === newest) return sound(check, `It answers, at this program's version (${newest}).`);
    return sound(check, `It answers; the next start, or "cerberus migrate", brings it from ${version} to ${newest}.`);
  } catch (error) {
    if (!(error instanceof CerberusError)) throw error;
    return fault(check, error.detail, 'Run the CerberusMesh that wrote it, or a newer one, or name another database.');
  }
}

/** Whether both machines have the same time. */
export async function checkClock({ pool }: Pick<Database, 'pool'>, clock: Clock): Promise<Finding> {
  const before = clock.now().getTime();
  const { rows } = await pool.query<{ now: Date }>('select clock_timestamp() as now');
  const after = clock.now().getTime();
  const theirs = rows[0]?.now.getTime() ?? before;
  const differenceMs = Math.max(0, before - theirs, theirs - after);
  if (differenceMs <= clockDifferenceMsMax) return sound('clock', "It agrees with the database's.");
  const says = `This machine and the database's differ by ${Math.round(differenceMs / 1000)} s.`;
  return fault('clock', says, 'Switch NTP on, on both: timedatectl set-ntp true');
}

/** Sensors on other machines: whoever is silent, blind, full, or of another time. */
async function checkSensors(database: Database, { mesh }: Config, clock: Clock): Promise<Finding[]> {
  const check = 'sensors';
  const sensors = await createMeshSensors(database)
    .listWatched()
    .catch(() => []);
  const faults = sensors.flatMap((sensor) => {
    const trouble = findTrouble(sensor, clock.now(), mesh);
    if (!trouble) return [];
    const [says = '', ...fix] = trouble.sentence.split(': ');
    return [fault(check, `${says}.`, fix.join(': ') || 'Look at its log there.')];
  });
  if (faults.length > 0) return faults;
  return sensors.length === 0
    ? [off(check, 'None on other machines (cerberus sensors invite).')]
    : [sound(check, `All ${sensors.length} on other machines are heard of and see their honeypots.`)];
}

async function checkBudget({ pool }: Database, { llm }: Config, clock: Clock): Promise<Finding> {
  const check = 'language model budget';
  const usage = await readUsage(pool, clock.now()).catch(() => undefined);
  if (!usage) return off(check, 'Nothing was counted yet.');
  const used = [
    { name: 'CERBERUS_LLM_REQUESTS_PER_HOUR', left: llm.requestsPerHour - usage.requestsThisHour },
    { name: 'CERBERUS_LLM_REQUESTS_PER_DAY', left: llm.requestsPerDay - usage.requestsThisDay },
    { name: 'CERBERUS_LLM_TOKENS_PER_HOUR', left: llm.tokensPerHour - usage.tokensThisHour },
    { name: 'CERBERUS_LLM_TOKENS_PER_DAY', left: llm.tokensPerDay - usage.tokensThisDay },
  ].find(({ left }) => left <= 0);
  if (llm.apiKey === null && llm.baseUrl === null) return off(check, 'No language model is configured.');
  if (!used) return sound(check, `${usage.requestsThisHour} requests this hour, within the budget.`);
  return fault(check, `${used.name} is used up; sessions are not read.`, `Wait, or raise ${used.name}.`);
}

function fixFor(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === '28P01' || code === '28000') return 'Put user and password in DATABASE_URL right.';
  if (code === '3D000') return 'Make that database (createdb), or name another one in DATABASE_URL.';
  return 'Start PostgreSQL, or put host and port in DATABASE_URL right; without DATABASE_URL the embedded one is used.';
}
