import { isIPv6 } from 'node:net';
import type { Indicator, IndicatorKind } from '@cerberusmesh/contract/indicator';
import { actOnConfidence } from '@cerberusmesh/contract/indicator';
import { nameUuid } from '../../kit/name-uuid.ts';
import { sayIndicator } from './say-indicator.ts';

const dayMs = 86_400_000;
/** Addresses go from hand to hand within days; what is fetched from a URL stays for weeks; a file is what it is. */
const validDays: Record<IndicatorKind, number | null> = { address: 7, url: 30, sha256: null };
/** Of the producer, who has no history: STIX wants one nevertheless. */
const producerSince = '2026-01-01T00:00:00.000Z';

/**
 * A STIX 2.1 bundle, piece by piece. Ids follow from the installation (a UUID) and the value: who imports the next export
 * finds the same objects, changed.
 */
export function* stixBundle(
  indicators: Iterable<Indicator>,
  { installation, now }: { readonly installation: string; readonly now: Date },
): Generator<string> {
  const idOf = (type: string, name: string) => `${type}--${nameUuid(installation, `${type} ${name}`)}`;
  const producer = idOf('identity', 'producer');
  const written = (object: object) => JSON.stringify({ ...object, spec_version: '2.1' });
  yield `{"type":"bundle","id":"${idOf('bundle', now.toISOString())}","objects":[\n`;
  yield written({
    ...{ type: 'identity', id: producer, created: producerSince, modified: producerSince },
    ...{ name: 'CerberusMesh honeynet', identity_class: 'system' },
  });
  for (const indicator of indicators) {
    const { kind, value, sessions } = indicator;
    const [from, to] = [milliseconds(indicator.first_seen), milliseconds(indicator.last_seen)];
    const days = validDays[kind];
    const common = { created: from, modified: to, created_by_ref: producer };
    const id = idOf('indicator', `${kind} ${value}`);
    yield `,\n${written({
      ...{ type: 'indicator', id, ...common, name: value, description: sayIndicator(indicator) },
      indicator_types: [indicator.confidence < actOnConfidence ? 'anomalous-activity' : 'malicious-activity'],
      ...{ pattern: patternOf(indicator), pattern_type: 'stix', valid_from: from },
      ...(days === null ? {} : { valid_until: new Date(Date.parse(to) + days * dayMs).toISOString() }),
      confidence: indicator.confidence,
    })}`;
    yield `,\n${written({
      ...{ type: 'sighting', id: idOf('sighting', `${kind} ${value}`), ...common },
      ...{ sighting_of_ref: id, where_sighted_refs: [producer], first_seen: from, last_seen: to },
      count: Math.min(Math.max(1, sessions), 999_999_999),
    })}`;
  }
  yield '\n]}\n';
}

function patternOf({ kind, value }: Indicator): string {
  const quoted = `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (kind === 'sha256') return `[file:hashes.'SHA-256' = ${quoted}]`;
  if (kind === 'url') return `[url:value = ${quoted}]`;
  return `[${isIPv6(value) ? 'ipv6' : 'ipv4'}-addr:value = ${quoted}]`;
}

/** STIX takes three digits of a second and no more. */
function milliseconds(time: string): string {
  return new Date(time).toISOString();
}
