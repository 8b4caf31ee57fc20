import type { Indicator, IndicatorKind } from '@cerberusmesh/contract/indicator';
import { actOnConfidence } from '@cerberusmesh/contract/indicator';
import { nameUuid } from '../../kit/name-uuid.ts';
import { sayIndicator } from './say-indicator.ts';

const types: Record<IndicatorKind, { readonly type: string; readonly category: string }> = {
  address: { type: 'ip-src', category: 'Network activity' },
  url: { type: 'url', category: 'Network activity' },
  sha256: { type: 'sha256', category: 'Payload delivery' },
};

/**
 * One MISP event, piece by piece: always the same one of this installation (a UUID), so that an import renews what is there.
 * Whoever imports it keeps it in his own organisation until he says otherwise.
 */
export function* mispEvent(
  indicators: Iterable<Indicator>,
  { installation, now }: { readonly installation: string; readonly now: Date },
): Generator<string> {
  const head = {
    uuid: nameUuid(installation, 'misp event'),
    ...{ info: 'CerberusMesh honeynet: indicators', date: now.toISOString().slice(0, 10), timestamp: seconds(now) },
    // Medium; analysis completed; own organisation only.
    ...{ threat_level_id: '2', analysis: '2', distribution: '0', published: false },
  };
  yield `{"Event":${JSON.stringify(head).slice(0, -1)},"Attribute":[`;
  let between = '\n';
  for (const indicator of indicators) {
    const { kind, value, first_seen, last_seen } = indicator;
    yield `${between}${JSON.stringify({
      ...{ uuid: nameUuid(installation, `misp ${kind} ${value}`), ...types[kind], value },
      ...{ to_ids: indicator.confidence >= actOnConfidence, comment: sayIndicator(indicator) },
      // As the event: inherited.
      ...{ distribution: '5', timestamp: seconds(new Date(last_seen)), first_seen, last_seen },
    })}`;
    between = ',\n';
  }
  yield '\n]}}\n';
}

function seconds(time: Date): string {
  return String(Math.floor(time.getTime() / 1000));
}
