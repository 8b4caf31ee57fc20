import type { Assessment } from '@cerberusmesh/contract/assessment';
import type { Assess, AssessedLine } from '@cerberusmesh/contract/between-stages';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import type { TouchFinding, TouchPlace } from '@cerberusmesh/contract/touch';
import type { RuledAttackType } from '../attack-type.ts';
import { afterEvent } from '../session-state.ts';
import type { LureIndex } from './lure-index.ts';

type Told = ReturnType<Assess>;

const threatScore = 0.95;
const techniqueOf: Record<TouchPlace, string> = {
  username: 'T1078',
  password: 'T1078',
  key: 'T1078',
  command: 'T1552.001',
  input: 'T1552.001',
  tunnel: 'T1021',
};
const wordOf: Record<TouchPlace, string> = {
  username: 'as a user name',
  password: 'as a password',
  key: 'as a key',
  command: 'in a command',
  input: 'in what was handed to a command',
  tunnel: 'in a tunnel',
};

/** What becomes of an assessment where the event uses a lure, and who reads one first. */
export function createTrip(index: Pick<LureIndex, 'find' | 'findReads'>) {
  return function trip(event: SensorEvent, told: Told): Told & Pick<AssessedLine, 'touches' | 'lureReads'> {
    const touches = index.find(event);
    const lureReads = index.findReads(event);
    if (touches.length === 0 && lureReads.length === 0) return told;
    return { ...raiseForTouches(event, told, touches), touches, lureReads };
  };
}

/** A lure was used: HIGH whatever a model says, and the session with it. */
function raiseForTouches(event: SensorEvent, told: Told, touches: readonly TouchFinding[]): Told {
  const [first] = touches;
  if (first === undefined) return told;
  const { lure, place } = first;
  const from = lure.sourceIp === null ? '' : ` for ${lure.sourceIp}`;
  const why = `a lure was used ${wordOf[place]}: the ${lure.kind.replaceAll('_', ' ')} of ${lure.path}, planted at ${lure.plantedAt.slice(0, 16)}Z${from}`;
  const known = told.assessment ?? unknown;
  const technique = { id: techniqueOf[place], confidence: 0.95, why: `lure ${lure.id}` };
  const others = known.techniques.filter(({ id }) => id !== technique.id);
  const assessment: Assessment = {
    ...known,
    severity: 'HIGH',
    threatScore: Math.max(known.threatScore, threatScore),
    attackType: 'lure_touched' satisfies RuledAttackType,
    confidence: 1,
    why: `by definition: ${why}`,
    techniques: [technique, ...others],
  };
  // Only its severity, score and techniques: the event itself is counted already.
  const raised = afterEvent(told.session, event, { ...assessment, techniques: [technique.id] });
  const { severity, threatScore: score, techniques } = raised;
  return { assessment, session: { ...told.session, severity, threatScore: score, techniques } };
}

/** Where no model could be asked, a touch is known all the same. */
const unknown: Assessment = {
  severity: 'HIGH',
  threatScore,
  anomalyScore: 1,
  attackType: 'lure_touched' satisfies RuledAttackType,
  confidence: 1,
  why: '',
  techniques: [],
  partial: false,
  modelVersion: 'lures',
};
