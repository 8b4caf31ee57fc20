import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../kit/make-folder.ts';
import type { RunningDecoy } from '../decoys/decoy-process.ts';
import type { DecoyDriver, DecoyPlan } from './driver.ts';
import { keepEvidence } from './evidence.ts';
import { findFreePort, type PortRange } from './free-port.ts';

export interface DecoyDriverOptions {
  /** Each decoy has a folder of its own below this one, which is its label. */
  readonly folder: string;
  readonly evidenceFolder: string;
  readonly host: string;
  readonly ports: PortRange;
  /** Starts one that writes its log as this sensor, with SSH at the plan's port. */
  readonly start: (plan: DecoyPlan, folder: string) => Promise<RunningDecoy>;
}

const idFile = 'cerberus-decoy.id';

/** A further decoy of our own: a confined process that ends with ours, and is started again by whoever looks after decoys. */
export function createDecoyDriver(options: DecoyDriverOptions): DecoyDriver & {
  /** Of those that run now. */
  running(sensor: string): RunningDecoy | undefined;
  /** Ends them all when `signal` aborts; their folders stay, and the next start brings them up again. */
  run(signal: AbortSignal): Promise<void>;
} {
  const { folder, host, ports } = options;
  const running = new Map<string, RunningDecoy>();
  const dirOf = ({ sensor }: Pick<DecoyPlan, 'sensor'>): string => join(folder, sensor);

  return {
    name: 'decoy',
    running: (sensor) => running.get(sensor),
    async run(signal) {
      if (!signal.aborted) await once(signal, 'abort');
      await Promise.all([...running.values()].map((decoy) => decoy.stop()));
    },
    check: async () => undefined,
    choosePort: (taken) => findFreePort(host, ports, taken),
    async up(plan) {
      const dir = dirOf(plan);
      const decoy = running.get(plan.sensor) ?? (await bringUp(plan, dir));
      const isAny = host === '0.0.0.0' || host === '::';
      return {
        host: isAny ? '127.0.0.1' : host,
        port: plan.port,
        logPath: decoy.logPath,
        cowrieDir: null,
        // Personas let root in with any password but the first two that everybody tries.
        credentials: { username: 'root', password: 'cerberus' },
      };
    },
    async end({ sensor }) {
      await running.get(sensor)?.stop();
      running.delete(sensor);
    },
    async remove(plan) {
      const dir = dirOf(plan);
      await keepEvidence(
        { downloads: join(dir, 'downloads'), tty: join(dir, 'tty') },
        join(options.evidenceFolder, plan.sensor),
      );
      await rm(dir, { recursive: true, force: true });
    },
    async list() {
      const names = await readdir(folder).catch(() => []);
      return await Promise.all(names.map(async (sensor) => ({ sensor, id: await idOf(join(folder, sensor)) })));
    },
  };

  async function bringUp(plan: DecoyPlan, dir: string): Promise<RunningDecoy> {
    await makeFolder(dir, 0o700);
    await writeFile(join(dir, idFile), plan.id);
    const decoy = await options.start(plan, dir);
    running.set(plan.sensor, decoy);
    void decoy.ended.then(() => {
      if (running.get(plan.sensor) === decoy) running.delete(plan.sensor);
    });
    return decoy;
  }
}

async function idOf(dir: string): Promise<string> {
  return await readFile(join(dir, idFile), 'utf8').catch(() => '');
}
