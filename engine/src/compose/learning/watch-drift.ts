import { join } from 'node:path';
import { eventIdEpochMs } from '@cerberusmesh/contract/event-id';
import type { DriftReport } from '@cerberusmesh/contract/models';
import { Gauge, type Registry } from 'prom-client';
import { compareProfiles, worstStatus } from '../../assess/drift.ts';
import { loadKnownShapes } from '../../assess/known-shapes.ts';
import { remembered } from '../../assess/remembered.ts';
import { viewStatement } from '../../assess/statement-features.ts';
import { statementTexts } from '../../assess/statement-texts.ts';
import { createTrafficProfile, loadTrafficProfile } from '../../assess/traffic-profile.ts';
import { forEachBreathing } from '../../kit/breathe.ts';
import type { Clock } from '../../kit/clock.ts';
import { createRecentAnswers } from '../../kit/recent-answers.ts';
import { type LatestEvent, readLatestEvents } from '../../store/learning/latest-events.ts';
import type { CurrentModels } from './current-models.ts';

export interface DriftWatch {
  /** At most a minute old. */
  report(): Promise<DriftReport>;
  run(signal: AbortSignal): Promise<void>;
}

const eventsMax = 20_000;
const ageMaxMs = 60_000;
const roundMs = 300_000;

/** Compares the latest events with those that the models in use were trained on; never on the fast lane. */
export function createDriftWatch(options: {
  readonly pool: Parameters<typeof readLatestEvents>[0];
  readonly models: Pick<CurrentModels, 'version' | 'folder' | 'rules'>;
  readonly clock: Clock;
  readonly registry: Registry;
}): DriftWatch {
  const { pool, models, clock, registry } = options;
  const gauge = new Gauge({
    name: 'cerberus_model_drift_psi',
    help: 'Population stability index of the latest events against those of the training, by feature.',
    labelNames: ['feature'],
    registers: [registry],
  });
  const shapes = createRecentAnswers<readonly string[]>(8192);
  let last: { readonly atMs: number; readonly version: string; readonly report: Promise<DriftReport> } | undefined;

  return {
    report,
    async run(signal) {
      while (!signal.aborted) {
        await clock.sleep(roundMs, signal);
        if (!signal.aborted) await report().catch(() => undefined);
      }
    },
  };

  async function report(): Promise<DriftReport> {
    const atMs = clock.now().getTime();
    if (last === undefined || atMs - last.atMs >= ageMaxMs || last.version !== models.version()) {
      const fresh = compute();
      last = { atMs, version: models.version(), report: fresh };
      // A failure is told to who asked, and not kept for a minute.
      fresh.catch(() => {
        last = undefined;
      });
    }
    return await last.report;
  }

  async function compute(): Promise<DriftReport> {
    const [version, folder] = [models.version(), models.folder()];
    const events = await readLatestEvents(pool, eventsMax);
    const reference = loadTrafficProfile(join(folder, 'profile.json'));
    const now = await profileOf(events, loadKnownShapes(join(folder, 'known-shapes.json')).isKnown);
    const features = reference === undefined ? [] : compareProfiles(reference, now);
    for (const { name, psi } of features) gauge.set({ feature: name }, psi);
    const time = (event: LatestEvent | undefined) =>
      event === undefined ? null : new Date(eventIdEpochMs(event.id)).toISOString();
    return {
      status: worstStatus(features),
      version,
      computed_at: clock.now().toISOString(),
      events: events.length,
      from: time(events.at(-1)),
      to: time(events[0]),
      features,
    };
  }

  async function profileOf(events: readonly LatestEvent[], isKnown: (shape: string) => boolean) {
    const profile = createTrafficProfile();
    await forEachBreathing(events, ({ typed, length, confidence, ...row }) => {
      const command = typed === null ? null : { length, confidence, isKnownShape: shapesOf(typed).every(isKnown) };
      profile.add({ ...row, command });
    });
    return profile.toFile('now');
  }

  function shapesOf(line: string): readonly string[] {
    return remembered(shapes, line, () => statementTexts(line).map((text) => viewStatement(text, models.rules).shape));
  }
}
