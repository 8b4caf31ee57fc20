import type { attackerFields, eventFields, sessionFields } from '@cerberusmesh/contract/search-fields';
import { smallestEventId } from '../event-columns.ts';
import type { SearchTerms, WriteTerm } from './compile.ts';
import { flagTerm, momentTerm, networkTerm, numberTerm, techniqueTerm, textTerm, wordTerm } from './terms.ts';

type TermsOf<Fields> = SearchTerms & { readonly fields: Readonly<Record<keyof Fields, WriteTerm>> };

const dayMs = 86_400_000;

/** The dashboard leaves Cowrie's prefix out, so a type may be said without it. */
export const eventTypeTerm = wordTerm('event_type', (type) => [type, `cowrie.${type}`]);

/** Time is a range of ids here, which is what events are partitioned and walked by. */
export const eventTerms: TermsOf<typeof eventFields> = {
  fields: {
    severity: wordTerm('severity'),
    technique: techniqueTerm('techniques'),
    ip: networkTerm('source_ip'),
    type: eventTypeTerm,
    command: textTerm(['command']),
    user: wordTerm('username'),
    password: wordTerm('password'),
    session: wordTerm('session_id'),
    sensor: wordTerm('sensor'),
    attack: wordTerm('attack_type'),
    score: numberTerm('threat_score', 'real'),
    anomaly: numberTerm('anomaly_score', 'real'),
    confidence: numberTerm('confidence', 'real'),
    why: textTerm(['why']),
    raw: textTerm(['raw_event::text'], inJson),
    protocol: wordTerm('protocol'),
    port: numberTerm('source_port'),
    is: flagTerm({ analyzed: 'is_analyzed' }),
    ...ofAttackers('source_ip'),
    after: momentTerm((ms, { parameter }) => `id >= ${parameter(smallestEventId(ms))}`),
    before: momentTerm((ms, { parameter }) => `id < ${parameter(smallestEventId(ms))}`),
    on: momentTerm(
      (ms, { parameter }) =>
        `(id >= ${parameter(smallestEventId(ms))} and id < ${parameter(smallestEventId(ms + dayMs))})`,
    ),
  },
  text: textTerm(['command', 'username', 'password']),
};

export const sessionTerms: TermsOf<typeof sessionFields> = {
  fields: {
    severity: wordTerm('severity'),
    technique: techniqueTerm('techniques'),
    ip: networkTerm('source_ip'),
    session: wordTerm('session_id'),
    sensor: wordTerm('sensor'),
    protocol: wordTerm('protocol'),
    client: textTerm(['client_version']),
    hassh: wordTerm('hassh'),
    score: numberTerm('threat_score', 'real'),
    events: numberTerm('event_count'),
    commands: numberTerm('command_count'),
    is: flagTerm({ open: 'is_active', loggedin: 'successful_login' }),
    ...ofAttackers('source_ip'),
    ...timeTerms('start_time'),
  },
  text: textTerm(['client_version', 'session_id', 'source_ip']),
};

export const attackerTerms: TermsOf<typeof attackerFields> = {
  fields: {
    level: wordTerm('threat_level'),
    ip: networkTerm('ip_address'),
    country: wordTerm('country', (code) => [code.toUpperCase()]),
    asn: numberTerm('attackers.asn'),
    as: textTerm(['as_name']),
    scanner: wordTerm('scanner'),
    network: wordTerm('network'),
    user: wordTerm('most_common_username'),
    score: numberTerm('threat_score', 'real'),
    reputation: numberTerm('reputation', 'real'),
    events: numberTerm('attackers.total_events'),
    sessions: numberTerm('attackers.total_sessions'),
    logins: numberTerm('attackers.successful_logins'),
    high: numberTerm('attackers.high_severity_count'),
    ...timeTerms('attackers.last_seen'),
  },
  text: textTerm(['ip_address', 'as_name', 'city', 'network', 'scanner', 'most_common_username']),
};

function timeTerms(column: string) {
  return {
    after: momentTerm((ms, { parameter }) => `${column} >= ${parameter(new Date(ms))}`),
    before: momentTerm((ms, { parameter }) => `${column} < ${parameter(new Date(ms))}`),
    on: momentTerm(
      (ms, { parameter }) =>
        `(${column} >= ${parameter(new Date(ms))} and ${column} < ${parameter(new Date(ms + dayMs))})`,
    ),
  };
}

/** What is known of an address is kept with the attacker. */
function ofAttackers(column: string) {
  const { country, asn } = {
    country: wordTerm('a.country', (code) => [code.toUpperCase()]),
    asn: numberTerm('a.asn'),
  };
  const within =
    (term: WriteTerm): WriteTerm =>
    (matches, context) =>
      `${column} in (select a.ip_address from attackers a where ${term(matches, context)})`;
  return { country: within(country), asn: within(asn) };
}

/**
 * As JSON writes it: a quotation mark within a text has a backslash before it. Letters beyond ASCII stand as they are or,
 * as Cowrie writes them, by their numbers.
 */
function inJson(text: string): readonly string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const numbered = plain.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return numbered === plain ? [plain] : [plain, numbered];
}
