import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startDecoyProcess } from '../act/decoys/decoy-process.ts';
import { createDecoyDriver } from '../act/launch-decoy/decoy-driver.ts';
import type { Config } from '../config.ts';
import { readTemplate } from './decoys.ts';
import { projectDir } from './project.ts';

/** Further decoys of our own: each another machine than the others, which follows from the action's id. */
export function composeOwnDecoyDriver(config: Pick<Config, 'state' | 'launch'>) {
  const { host, ports } = config.launch;
  return createDecoyDriver({
    folder: launchedFolder(config),
    evidenceFolder: join(config.state.dir, 'evidence'),
    ...{ host, ports },
    start(plan, folder) {
      const seed = createHash('sha256').update(plan.id).digest('hex').slice(0, 32);
      const settings = {
        ...{ folder, sensor: plan.sensor, uuid: `decoy-${seed.slice(0, 12)}`, host, seed },
        ...{ template: readTemplate(personaOf(seed)), sshPort: plan.port, telnetPort: null, httpPort: null },
      };
      return startDecoyProcess({ projectDir, settings });
    },
  });
}

/** Where a launched decoy of ours keeps its files; undefined where this sensor is none. */
export function ownDecoyFolder(config: Pick<Config, 'state'>, sensor: string): string | undefined {
  const folder = join(launchedFolder(config), sensor.replaceAll('/', '_'));
  return existsSync(folder) ? folder : undefined;
}

function launchedFolder({ state }: Pick<Config, 'state'>): string {
  return join(state.dir, 'decoys', 'launched');
}

function personaOf(seed: string): string {
  const names = readdirSync(join(projectDir, 'policy', 'personas')).filter((name) => name.endsWith('.json'));
  return (names.toSorted()[Number.parseInt(seed.slice(0, 6), 16) % names.length] ?? '').replace('.json', '');
}
