import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionKind } from '@cerberusmesh/contract/action';
import type { Action } from '../../src/act/action.ts';
import { projectDir } from '../../src/compose/project.ts';
import type { Watching } from '../../src/compose/watching.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { readPolicy } from '../../src/decide/read-policy.ts';
import { systemClock } from '../../src/kit/clock.ts';
import type { Database } from '../../src/store/database.ts';

export interface EngineAction {
  readonly action: Action;
  readonly watching?: Watching;
  /** What a running engine does now and then for what it launched. */
  readonly tend?: () => Promise<void>;
  /** Ends what ends with the engine. */
  readonly stop?: () => Promise<void>;
}

/** One of the actions of a running engine, as main.ts builds it, with what belongs to it. */
export async function openEngineAction(
  kind: ActionKind,
  env: Readonly<Record<string, string>>,
  database: Database,
): Promise<EngineAction> {
  const config = configOf(env);
  const parts = { config, database, clock: systemClock, log: { info: () => undefined, warn: () => undefined } };
  if (kind === 'monitor') {
    const { composeWatching } = await import('../../src/compose/watching.ts');
    const watching = composeWatching({ ...parts, folder: config.state.dir, foldersOf: () => undefined });
    return { action: watching.action, watching };
  }
  if (kind === 'escalate') {
    const { composeToldPeople } = await import('../../src/compose/tell-people.ts');
    return { action: composeToldPeople(parts).action };
  }
  if (kind === 'lock_down') {
    const { composeLockDown } = await import('../../src/compose/lock-down.ts');
    const file = join(projectDir, 'policy/decisions/default.json');
    const policy = readPolicy(readFileSync(file, 'utf8'), file);
    return { action: composeLockDown({ ...parts, policy: () => policy }).action };
  }
  return await openLaunchDecoy(parts);
}

async function openLaunchDecoy(parts: {
  readonly config: Config;
  readonly database: Database;
  readonly clock: typeof systemClock;
  readonly log: { readonly info: () => void; readonly warn: () => void };
}): Promise<EngineAction> {
  const { composeLaunchedDecoys } = await import('../../src/compose/launch-decoys.ts');
  const { composeOwnDecoyDriver } = await import('../../src/compose/launched-own-decoys.ts');
  const decoys = composeOwnDecoyDriver(parts.config);
  const stopping = new AbortController();
  const ended = decoys.run(stopping.signal);
  const { action, tend } = composeLaunchedDecoys({
    ...{ ...parts, installKey: Buffer.alloc(32, 7), furtherDrivers: [decoys] },
    // Reading its log is no part of what is killed here: launch-decoy.test.ts has the whole engine.
    logs: () => ({ follow: async () => {}, leave: async () => {}, watched: () => [], run: async () => {} }),
  });
  return {
    action,
    tend: () => tend(stopping.signal),
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

function configOf(env: Readonly<Record<string, string>>): Config {
  const folder = env['CERBERUS_DATA_DIR'] ?? '';
  const readFile = () => {
    throw Object.assign(new Error('there is none'), { code: 'ENOENT' });
  };
  return readConfig({ env, flags: {}, cwd: folder, home: folder, projectDir: null, readFile });
}
