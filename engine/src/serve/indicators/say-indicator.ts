import type { Indicator } from '@cerberusmesh/contract/indicator';

/** What is known of it, for people. */
export function sayIndicator({ kind, threat_level, sessions, addresses, country, asn, as_name }: Indicator): string {
  const times = `${sessions} ${sessions === 1 ? 'session' : 'sessions'}`;
  if (kind === 'address') {
    const place = [country, asn === null ? null : `AS${asn}`, as_name].filter((part) => part !== null).join(' ');
    return `Attacked a honeypot, ${threat_level ?? 'unknown'}: ${times}${place === '' ? '' : `; ${place}`}`;
  }
  const from = addresses >= 3 ? 'three or more addresses' : addresses === 2 ? 'two addresses' : 'one address';
  if (kind === 'sha256') return `Brought to a honeypot: ${times} from ${from}`;
  return `Named on a honeypot to fetch from, which may be an innocent place: ${times} from ${from}`;
}
