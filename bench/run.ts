import { parseArgs } from 'node:util';
import { watchStolenTime } from './stolen-time.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    lines: { type: 'string' },
    file: { type: 'string' },
    seconds: { type: 'string' },
    data: { type: 'string' },
    to: { type: 'string' },
    root: { type: 'string' },
    sessions: { type: 'string' },
    events: { type: 'string' },
    kills: { type: 'string' },
    seed: { type: 'string' },
  },
});
const [name, ...further] = positionals;
const lines = values.lines === undefined ? {} : { lines: Number(values.lines) };
const file = values.file === undefined ? {} : { file: values.file };

const data = values.data === undefined ? {} : { data: values.data };
const events = values.events === undefined ? {} : { events: Number(values.events) };

const benches: Record<string, () => Promise<object>> = {
  ingest: async () => await (await import('./ingest.ts')).benchIngest({ ...lines, ...file }),
  crowdsec: async () => await (await import('./crowdsec.ts')).benchCrowdsec({ lines: Number(values.lines ?? 100_000) }),
  latency: async () => await (await import('./latency.ts')).benchLatency({ seconds: Number(values.seconds ?? 20) }),
  decide: async () => await (await import('./decide.ts')).benchDecide({ seconds: Number(values.seconds ?? 20) }),
  start: async () => await (await import('./start.ts')).benchStart(),
  idle: async () => await (await import('./idle.ts')).benchIdle({ seconds: Number(values.seconds ?? 60) }),
  growth: async () => await (await import('./growth.ts')).benchGrowth(lines),
  campaigns: async () => await (await import('./campaigns.ts')).benchCampaigns(data),
  train: async () => await (await import('./train.ts')).benchTrain({ ...lines, ...file }),
  assess: async () => (await import('./assess.ts')).benchAssess(data),
  lure: async () => await (await import('./lure.ts')).benchLure({ sessions: Number(values.sessions ?? 200) }),
  'action-kills': async () => await (await import('./action-kills.ts')).benchActionKills(),
  injection: async () => await (await import('./injection.ts')).benchInjection(data),
  api: async () => await (await import('./api.ts')).benchApi({ ...events, ...data }),
  screen: async () =>
    await (await import('./screen.ts')).benchScreen({ ...events, ...data, seconds: Number(values.seconds ?? 60) }),
  sensor: async () => await (await import('./sensor.ts')).benchSensor({ seconds: Number(values.seconds ?? 30) }),
  workers: async () => {
    const kills = values.kills === undefined ? {} : { kills: Number(values.kills) };
    return await (await import('./workers.ts')).benchWorkers({ ...lines, ...kills });
  },
  decoy: async () => await (await import('./decoy.ts')).benchDecoy(),
  'decoy-abuse': async () => await (await import('./decoy-abuse.ts')).benchDecoyAbuse(),
  reliability: async () =>
    await (await import('./reliability/run.ts')).benchReliability(further, {
      ...lines,
      kills: Number(values.kills ?? 100),
      seconds: Number(values.seconds ?? 60),
      seed: Number(values.seed ?? 1),
    }),
  fidelity: async () => await (await import('./fidelity.ts')).benchFidelity({ root: values.root, ...file, ...data }),
};

const bench = benches[name ?? ''];
if (bench) {
  const readStolen = watchStolenTime();
  const result = await bench();
  process.stdout.write(`${JSON.stringify({ ...result, stolenPercent: readStolen() }, null, 2)}\n`);
} else {
  process.stderr.write(
    `Usage: npm run bench -- ${Object.keys(benches).join('|')} [--lines N] [--file LOG] [--seconds N] [--sessions N] [--events N] [--kills N] [--seed N] [--data DIR]\n`,
  );
  process.exitCode = 2;
}
