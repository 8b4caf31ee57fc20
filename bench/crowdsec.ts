import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../engine/src/kit/clock.ts';
import { startEmbeddedPostgres } from '../engine/src/store/embedded/server.ts';
import { measureCerberus } from './child.ts';
import { writeLines } from './make-lines.ts';
import { median } from './percentiles.ts';

const rounds = 3;

/**
 * `npm run bench -- crowdsec [--lines N]`: one Cowrie log, read in turn by three programs, three times; the medians count.
 *
 * * CrowdSec, Debian's package, one parser routine: reads lines, takes four fields of each and its time. No scenario, nothing stored.
 * * Our reader and parser on their own (`parse-lines.ts`): lines, split, as sensor events with all their fields, their schema
 *   checked, their id hashed. Nothing assessed, nothing stored. `parseRatio` compares these two.
 * * `cerberus replay`: all of that, assessed and stored in PostgreSQL. `storedRatio` compares it with CrowdSec's parsing.
 *
 * Each tells the time of its own reading, without its start; replay's holds the opening of the database. Wants apt and dpkg; the package is unpacked into a temporary folder, not installed.
 */
export async function benchCrowdsec({ lines = 100_000 }: { lines?: number }): Promise<object> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cerberus-bench-'));
  const log = join(dataDir, 'cowrie.json');
  await writeLines(log, lines);
  try {
    const crowdsec = setUp(join(dataDir, 'crowdsec'));
    const perSecond: Record<'crowdsec' | 'parsed' | 'stored', number[]> = { crowdsec: [], parsed: [], stored: [] };
    for (let round = 0; round < rounds; round++) {
      perSecond.crowdsec.push(lines / (await crowdsecSeconds(crowdsec, log)));
      perSecond.parsed.push(lines / parseSeconds(log, lines));
      perSecond.stored.push(lines / (await storeSeconds(join(dataDir, `${round}`), log, lines)));
    }
    const medians = { crowdsec: median(perSecond.crowdsec), parsed: median(perSecond.parsed) };
    const stored = median(perSecond.stored);
    return {
      bench: 'crowdsec',
      lines,
      rounds,
      crowdsecParsedPerSecond: perSecond.crowdsec.map(Math.round),
      cerberusParsedPerSecond: perSecond.parsed.map(Math.round),
      cerberusStoredPerSecond: perSecond.stored.map(Math.round),
      parseRatio: Math.round((medians.parsed / medians.crowdsec) * 100) / 100,
      storedRatio: Math.round((stored / medians.crowdsec) * 100) / 100,
    };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

function parseSeconds(log: string, lines: number): number {
  const said = execFileSync(process.execPath, [join(import.meta.dirname, 'parse-lines.ts'), log], { encoding: 'utf8' });
  const { events, seconds }: { events: number; seconds: number } = JSON.parse(said);
  if (events !== lines) throw new Error(`Of ${lines} lines ${events} were read as events.`);
  return seconds;
}

/** Into a database of its own: what is stored already would only be recognised. */
async function storeSeconds(dataDir: string, log: string, lines: number): Promise<number> {
  const server = await startEmbeddedPostgres({ dataDir, clock: systemClock });
  try {
    const env = { CERBERUS_DATA_DIR: dataDir, DATABASE_URL: server.url };
    const { stdout } = await measureCerberus(['replay', log, '--json'], env);
    const report: { stored: number; seconds: number } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    if (report.stored !== lines) throw new Error(`Of ${lines} lines ${report.stored} were stored.`);
    return report.seconds;
  } finally {
    await server.release();
  }
}

interface CrowdSec {
  readonly program: string;
  readonly config: string;
}

/** From its first line to the end of its parser, as its log tells, so that its start does not count. */
async function crowdsecSeconds({ program, config }: CrowdSec, log: string): Promise<number> {
  const child = spawn(program, ['-c', config, '-dsn', `file://${log}`, '-type', 'cowrie'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, started, ended] = ['', 0, 0];
  const hear = (chunk: Buffer): void => {
    said += chunk.toString('utf8');
    if (started === 0 && said.includes('Starting processing data')) started = performance.now();
    if (ended === 0 && said.includes('Killing parser routines')) ended = performance.now();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  await once(child, 'close');
  if (started === 0 || ended === 0) throw new Error(`CrowdSec did not read the log to its end: ${said.slice(-500)}`);
  return (ended - started) / 1000;
}

function setUp(folder: string): CrowdSec {
  const at = (...names: string[]) => join(folder, ...names);
  mkdirSync(folder);
  execFileSync('apt-get', ['-q', 'download', 'crowdsec'], { cwd: folder, stdio: 'ignore' });
  execFileSync('dpkg', ['-x', readdirSync(folder).find((name) => name.endsWith('.deb')) ?? '', 'package'], {
    cwd: folder,
  });
  for (const name of ['hub', 'data', 'notifications', 'plugins', 'scenarios', 'postoverflows']) mkdirSync(at(name));
  for (const name of ['patterns', 'simulation.yaml', 'profiles.yaml']) {
    cpSync(at('package/etc/crowdsec', name), at(name), { recursive: true });
  }
  const parsers = at('package/usr/share/crowdsec/hub/parsers');
  cpSync(join(parsers, 's00-raw/crowdsecurity/syslog-logs.yaml'), at('parsers/s00-raw/syslog-logs.yaml'));
  cpSync(
    join(parsers, 's02-enrich/crowdsecurity/dateparse-enrich.yaml'),
    at('parsers/s02-enrich/dateparse-enrich.yaml'),
  );
  cpSync(join(import.meta.dirname, 'crowdsec/cowrie-json.yaml'), at('parsers/s01-parse/cowrie-json.yaml'));
  writeFileSync(at('hub/.index.json'), '{"parsers":{},"scenarios":{},"postoverflows":{},"collections":{}}');
  writeFileSync(at('acquis.yaml'), '');
  writeFileSync(at('console.yaml'), 'share_manual_decisions: false\n');
  writeFileSync(at('credentials.yaml'), 'url: http://127.0.0.1:18080/\n');
  const config = at('config.yaml');
  writeFileSync(config, JSON.stringify(configOf(folder)));
  const asMachine = ['machines', 'add', 'bench', '-p', 'only-for-the-bench', '-f', at('credentials.yaml'), '--force'];
  execFileSync(at('package/usr/bin/cscli'), ['-c', config, ...asMachine], { stdio: 'ignore' });
  return { program: at('package/usr/bin/crowdsec'), config };
}

/** JSON is YAML. One parser routine is its default. */
function configOf(folder: string): object {
  const at = (name: string) => join(folder, name);
  return {
    common: { daemonize: false, log_media: 'stdout', log_level: 'info', working_dir: '.' },
    config_paths: {
      config_dir: `${folder}/`,
      data_dir: at('data/'),
      simulation_path: at('simulation.yaml'),
      hub_dir: at('hub/'),
      index_path: at('hub/.index.json'),
      notification_dir: at('notifications/'),
      plugin_dir: at('plugins/'),
    },
    crowdsec_service: { acquisition_path: at('acquis.yaml'), parser_routines: 1 },
    db_config: { log_level: 'info', type: 'sqlite', db_path: at('data/crowdsec.db'), use_wal: true },
    api: {
      client: { insecure_skip_verify: false, credentials_path: at('credentials.yaml') },
      server: {
        log_level: 'info',
        listen_uri: '127.0.0.1:18080',
        profiles_path: at('profiles.yaml'),
        console_path: at('console.yaml'),
      },
    },
    prometheus: { enabled: false },
  };
}
