import { join } from 'node:path';
import type { Assess } from '@cerberusmesh/contract/between-stages';
import type { AttackRules } from '../../assess/attack/compile-rules.ts';
import { loadRules } from '../../assess/attack/load-rules.ts';
import { loadAssess } from '../../assess/load-assess.ts';
import { loadVisitJudge } from '../../assess/load-visit-judge.ts';
import { loadSeverityModel } from '../../assess/severity-model.ts';
import { createTellingWords } from '../../assess/telling-words.ts';
import type { VisitJudge } from '../../assess/visit/judge-visit.ts';
import type { Clock } from '../../kit/clock.ts';
import { findCurrentVersion, shippedVersion } from '../../store/learning/models.ts';
import type { DatabaseLog } from '../open-database.ts';
import { projectDir } from '../project.ts';
import { openModelFolder, shippedFolder } from './model-folder.ts';

export interface UsedModels {
  readonly assess: Assess;
  readonly tellingWords: (text: string) => string[];
  readonly version: () => string;
}

export interface CurrentModels extends UsedModels {
  /** What the version tells of a session that is under way. */
  readonly soFar: VisitJudge['soFar'];
  readonly folder: () => string;
  /** The same for every version. */
  readonly rules: AttackRules;
  /** Looks whether another version was promoted, by whomever, and takes it into use. */
  refresh(): Promise<void>;
  /** The same, every few seconds. */
  run(signal: AbortSignal): Promise<void>;
}

const refreshMs = 5000;
const policyFolder = join(projectDir, 'policy');

/**
 * The version in use, which may change at any time between two events: a promoted version is taken into use without a
 * restart. One that cannot be loaded is told and left alone, and the one before stays.
 */
export function createCurrentModels(options: {
  readonly pool: Parameters<typeof findCurrentVersion>[0];
  readonly stateDir: string;
  readonly clock: Clock;
  readonly log: DatabaseLog;
}): CurrentModels {
  const { pool, stateDir, clock, log } = options;
  const rules = readRules();
  let current = load(shippedVersion, shippedFolder, rules);
  let refused: string | undefined;

  return {
    assess: (event, session) => current.assess(event, session),
    tellingWords: (text) => current.tellingWords(text),
    soFar: (session) => current.visits.soFar(session),
    version: () => current.version,
    folder: () => current.folder,
    rules,
    refresh,
    async run(signal) {
      while (!signal.aborted) {
        await clock.sleep(refreshMs, signal);
        if (!signal.aborted) await refresh().catch(() => undefined);
      }
    },
  };

  async function refresh(): Promise<void> {
    const version = await findCurrentVersion(pool);
    if (version === current.version || version === refused) return;
    try {
      current = load(version, await openModelFolder(pool, stateDir, version), rules);
      refused = undefined;
      log.info({ version }, 'Another version of the models is in use from here on.');
    } catch (error) {
      refused = version;
      log.warn({ err: error, version }, 'A promoted version cannot be loaded; the one before stays in use.');
    }
  }
}

/** The models that came with the program, for whoever has no database. */
export function loadShippedModels(): UsedModels {
  const { version, assess, tellingWords } = load(shippedVersion, shippedFolder, readRules());
  return { assess, tellingWords, version: () => version };
}

function readRules(): AttackRules {
  return loadRules(join(policyFolder, 'attack'));
}

function load(version: string, modelsFolder: string, rules: AttackRules) {
  const severityModel = loadSeverityModel(join(modelsFolder, 'severity.json'));
  return {
    ...{ version, folder: modelsFolder },
    assess: loadAssess({ modelsFolder, policyFolder, severityModel, rules }),
    tellingWords: createTellingWords({ severityModel, rules }),
    visits: loadVisitJudge(modelsFolder),
  };
}
