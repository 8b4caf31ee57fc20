import type { NavigatorLayer } from '@cerberusmesh/contract/navigator-layer';
import { counted } from '../kit/counted.ts';

interface SeenTechnique {
  readonly id: string;
  readonly events: number;
  readonly first_seen: string;
  readonly last_seen: string;
}

/** What was seen as a layer for MITRE's Navigator, which colours each technique by its score. */
export function toNavigatorLayer(seen: readonly SeenTechnique[], attackVersion: string): NavigatorLayer {
  // What only MITRE ATLAS knows has no place in this domain.
  const techniques = seen.filter(({ id }) => /^T\d/.test(id));
  // A parent is opened where one of its sub-techniques was seen, which would else not be shown.
  const parents = new Set(techniques.filter(({ id }) => id.includes('.')).map(({ id }) => id.split('.')[0] ?? id));
  const isSeen = new Set(techniques.map(({ id }) => id));
  return {
    name: 'CerberusMesh: seen techniques',
    versions: { attack: attackVersion.split('.')[0] ?? attackVersion, navigator: '5.1.0', layer: '4.5' },
    domain: 'enterprise-attack',
    description: 'Techniques that honeypots of this installation saw; the score is the number of events.',
    sorting: 3,
    hideDisabled: false,
    techniques: [
      ...techniques.map(({ id, events, first_seen, last_seen }) => ({
        techniqueID: id,
        score: events,
        comment: `${counted(events, 'event')} from ${first_seen} to ${last_seen}`,
        enabled: true,
        showSubtechniques: parents.has(id),
      })),
      ...[...parents]
        .filter((id) => !isSeen.has(id))
        .map((id) => ({ techniqueID: id, score: 0, comment: '', enabled: true, showSubtechniques: true })),
    ],
    gradient: {
      colors: ['#fff7ec', '#fdbb84', '#b30000'],
      minValue: 0,
      maxValue: Math.max(1, ...techniques.map(({ events }) => events)),
    },
    metadata: [{ name: 'made by', value: 'CerberusMesh' }],
  };
}
