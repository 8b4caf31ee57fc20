import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { graver } from '@cerberusmesh/contract/severity';
import { createRecentAnswers } from '../../kit/recent-answers.ts';
import type { RuledAttackType } from '../attack-type.ts';
import type { LineJudgement } from '../judge-line.ts';
import { remembered } from '../remembered.ts';
import { detectInjection, type InjectionFinding, lengthMin } from './detect-injection.ts';

/** MITRE ATLAS's id: ATT&CK has none for this. */
export const injectionTechnique = 'AML.T0051';
const threatScoreMin = 0.6;

/** The judgement of a text that tries to steer a language model: MEDIUM at least, labelled, with its technique. */
export function labelInjection(judgement: LineJudgement, text: string): LineJudgement {
  return labelled(judgement, detectInjection(text));
}

/** `labelInjection` that looks at the same text once: the answers to the latest `keptMax` texts are kept. */
export function createInjectionLabel(keptMax: number): typeof labelInjection {
  const looked = createRecentAnswers<{ readonly found: InjectionFinding | undefined }>(keptMax);
  return function labelOnce(judgement, text) {
    if (text.length < lengthMin) return judgement;
    return labelled(judgement, remembered(looked, text, () => ({ found: detectInjection(text) })).found);
  };
}

function labelled(judgement: LineJudgement, found: InjectionFinding | undefined): LineJudgement {
  if (found === undefined) return judgement;
  const why = `rule:prompt-injection (${found.why})`;
  return {
    ...judgement,
    severity: graver(judgement.severity, 'MEDIUM'),
    threatScore: Math.max(judgement.threatScore, threatScoreMin),
    attackType: judgement.severity === 'HIGH' ? judgement.attackType : ('prompt_injection' satisfies RuledAttackType),
    why: `${judgement.why}; text that speaks to a language model: ${found.why}`,
    techniques: [...judgement.techniques, { id: injectionTechnique, confidence: found.confidence, why }],
  };
}

/** The visitor's words in an event that is no command; empty where it holds none. */
export function wordsOf({ detail }: SensorEvent): string {
  switch (detail.kind) {
    case 'login':
      return joined(detail.username, detail.password);
    case 'client':
      return joined(detail.version);
    case 'input':
      return detail.input;
    case 'command':
      return detail.input;
    case 'transfer':
      return joined(detail.path, detail.url);
    case 'tunnel':
    case 'exploit':
      return joined(detail.text);
    default:
      return '';
  }
}

function joined(first?: string, second?: string): string {
  return first === undefined || second === undefined ? (first ?? second ?? '') : `${first}\n${second}`;
}
