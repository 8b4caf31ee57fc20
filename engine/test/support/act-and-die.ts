import { randomBytes } from 'node:crypto';
import { ActJob } from '@cerberusmesh/contract/adaptation';
import { z } from 'zod';
import { createAdaptations } from '../../src/act/adaptations.ts';
import { createProbe, type Probe } from '../../src/act/cowrie/probe.ts';
import { createCowriePlace } from '../../src/act/insert-trap/cowrie-place.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { createAdaptationStore } from '../../src/store/adaptations.ts';
import { openDatabase } from '../../src/store/database.ts';

/** A process that carries out an adaptation and ends itself with SIGKILL at one of its steps. */
export const Death = z.object({
  at: z.enum(['planned', 'written', 'applied']),
  url: z.string(),
  cowrieDir: z.string(),
  port: z.number(),
  job: ActJob,
});

const { at, url, cowrieDir, port, job } = Death.parse(JSON.parse(process.argv[2] ?? ''));
const store = createAdaptationStore(openDatabase({ url, applicationName: 'act-and-die' }));
const probe = createProbe({ key: randomBytes(32), now: () => new Date() });
const dyingProbe: Probe = {
  async look(...visit) {
    if (at === 'applied') await die();
    return await probe.look(...visit);
  },
};
const adaptations = createAdaptations({
  store: {
    ...store,
    async insert(adaptation) {
      const stored = await store.insert(adaptation);
      if (at === 'planned') await die();
      return stored;
    },
    async change(id, change) {
      if (at === 'written' && change.status === 'applied') await die();
      await store.change(id, change);
    },
  },
  findPlace: (sensor) =>
    createCowriePlace({ sensor, cowrieDir, host: '127.0.0.1', port }, { probe: dyingProbe, lifetimeSeconds: 3600 }),
  clock: systemClock,
  dryRun: false,
  ended: () => undefined,
});
await adaptations.run(job, new AbortController().signal);

/** Never resolves: the signal ends the process. */
function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}
