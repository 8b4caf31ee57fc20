import type { Secret } from '../../../kit/secret.ts';
import { type Channel, idOf, linesOf, linksOf, type Message, severityOf, subjectOf } from '../channel.ts';
import { postJson } from '../post-json.ts';

const severities: Readonly<Record<string, string>> = { CRITICAL: 'critical', HIGH: 'error', MEDIUM: 'warning' };
const summaryMax = 1024;

/** PagerDuty's Events API v2. What is about the same attacker or campaign is one incident there. */
export function createPagerDuty({ url, key }: { readonly url: string; readonly key: Secret }): Channel {
  return {
    name: 'pagerduty',
    target: new URL(url).host,
    send: (message, signal) => postJson(url, JSON.stringify(toEvent(message, key.reveal())), {}, signal),
  };
}

function toEvent(message: Message, routingKey: string): object {
  return {
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key: message.kind === 'notice' ? message.notice.group.slice(0, 255) : idOf(message),
    payload: {
      summary: subjectOf(message).slice(0, summaryMax),
      source: message.kind === 'notice' ? (message.notice.where.sensor ?? 'cerberusmesh') : 'cerberusmesh',
      severity: severities[severityOf(message)] ?? 'info',
      timestamp: message.kind === 'notice' ? message.notice.at : message.digest.at,
      custom_details: { details: linesOf(message) },
    },
    client: 'CerberusMesh',
    links: linksOf(message).map(({ name, url }) => ({ href: url, text: name })),
  };
}
