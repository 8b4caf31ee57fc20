import type { Detectability, SensorMarks, Tell } from '@cerberusmesh/contract/detectability';
import { hearGreeting, type OnVisit, type Place } from './greeting.ts';
import { commands, findTells, greetingTests, machineId, shellTests } from './tells.ts';
import { type Credentials, type Sight, visit } from './visit.ts';

export interface MeasureOptions {
  readonly place: Place;
  readonly credentials: Credentials;
  readonly sensor: string | null;
  /** What the probe calls itself, so that its visit is left out of the statistics. */
  readonly ident: string;
  /** Told where its connections come from that cannot call themselves anything. */
  readonly onVisit?: OnVisit;
  /** Marks of other sensors, by their name. */
  readonly others: ReadonlyMap<string, SensorMarks>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

const weights = { known: 0.2, odd: 0.05 };

/** Visits a honeypot as a suspicious attacker would. Rejects where it cannot be reached, and where it is stopped; what its time did not suffice for is untested. */
export async function measureDetectability(options: MeasureOptions): Promise<Detectability> {
  const { place, credentials, sensor, ident, others, now, signal } = options;
  const at = now().toISOString();
  const greeting = await hearGreeting(place, signal, options.onVisit);
  const tested = greetingTests.map(({ id }) => id);
  const tells = findTells(greetingTests, greeting);
  const untested: { test: string; why: string }[] = [];
  let marks: SensorMarks = { hostKeys: [], hostname: null, machineId: null };
  try {
    const sight = await visit(place, credentials, { commands, ident, signal });
    tells.push(...findTells(shellTests, { sight, greeting }));
    tested.push(...shellTests.map(({ id }) => id));
    marks = marksOf(sight);
    tells.push(...clones(marks, others));
    tested.push('twin of another sensor');
  } catch (error) {
    if (isStopped(signal)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    untested.push(...shellTests.map(({ id }) => ({ test: id, why })));
  }
  const score = Math.min(1, Number(tells.reduce((sum, { weight }) => sum + weights[weight], 0).toFixed(2)));
  return { target: `${place.host}:${place.port}`, sensor, at, score, tells, tested, untested, marks };
}

function isStopped({ aborted, reason }: AbortSignal): boolean {
  return aborted && !(reason instanceof DOMException && reason.name === 'TimeoutError');
}

function marksOf({ hostKey, shown }: Sight): SensorMarks {
  const hostname = /^([\w.-]+)\s*$/m.exec(shown.get('hostname; cat /etc/hostname; uname -n') ?? '')?.[1] ?? null;
  const id = /\b[0-9a-f]{32}\b/.exec(shown.get(machineId) ?? '')?.[0] ?? null;
  return { hostKeys: hostKey === '' ? [] : [hostKey], hostname, machineId: id };
}

function clones(marks: SensorMarks, others: ReadonlyMap<string, SensorMarks>): Tell[] {
  return [...others].flatMap(([name, other]) => {
    const shared = [
      ...marks.hostKeys.filter((key) => other.hostKeys.includes(key)).map((key) => `host key ${key}`),
      ...(marks.machineId !== null && marks.machineId === other.machineId ? [`machine id ${marks.machineId}`] : []),
      ...(marks.hostname !== null && marks.hostname === other.hostname ? [`name ${marks.hostname}`] : []),
    ];
    if (shared.length === 0) return [];
    return [
      {
        id: 'twin of another sensor',
        weight: 'known' as const,
        says: `It shares with ${name} what no two machines share.`,
        saw: shared.join(', '),
        fix: 'Give each its own keys and persona: remove the state folder of one, or run cerberus prepare for it.',
      },
    ];
  });
}
