import type { DoctorReport } from '@cerberusmesh/contract/doctor';
import type { Config } from '../../config.ts';
import type { Clock } from '../../kit/clock.ts';

/** An examination puts questions to providers: whoever asks within this time gets the same report. */
const keptMs = 15_000;

/** `examine` for many who ask at once. Its checks are loaded when somebody asks, since a start needs none of them. */
export function createExamination(config: Config, clock: Clock): () => Promise<DoctorReport> {
  let latest: { readonly atMs: number; readonly report: Promise<DoctorReport> } | undefined;
  return async function examineOnce() {
    const nowMs = clock.now().getTime();
    if (latest === undefined || nowMs - latest.atMs >= keptMs) latest = { atMs: nowMs, report: look() };
    return await latest.report;
  };

  async function look(): Promise<DoctorReport> {
    const { examine } = await import('./examine.ts');
    return await examine(config, clock);
  }
}
