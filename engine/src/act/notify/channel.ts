import type { ChannelName, Notice } from '@cerberusmesh/contract/notice';

/** A flood told in one message. */
export interface Digest {
  readonly id: string;
  readonly at: string;
  readonly notices: readonly Notice[];
}

export type Message =
  | { readonly kind: 'notice'; readonly notice: Notice }
  | { readonly kind: 'digest'; readonly digest: Digest };

/** One way of telling people. Only configured addresses are ever asked; redirects are not followed. */
export interface Channel {
  readonly name: ChannelName;
  /** Host and port, for people. */
  readonly target: string;
  /** Resolves when the other side has taken it. Throws, with a reason that holds no secret, where it has not. */
  send(message: Message, signal: AbortSignal): Promise<void>;
}

const listedMax = 20;

/** One line; a digest says how many notices it holds, and about how many. */
export function subjectOf(message: Message): string {
  if (message.kind === 'notice') return message.notice.subject;
  const { notices } = message.digest;
  return `${notices.length} notices about ${new Set(notices.map(({ group }) => group)).size} attackers or campaigns`;
}

/** A digest is as grave as the gravest of its notices. */
export function severityOf(message: Message): string {
  if (message.kind === 'notice') return message.notice.severity;
  const severities = message.digest.notices.map(({ severity }) => severity);
  return ['CRITICAL', 'HIGH', 'MEDIUM'].find((severity) => severities.includes(severity)) ?? 'LOW';
}

/** The subject with how grave it is before it, where it does not begin with that itself. */
export function titleOf(message: Message): string {
  const [severity, subject] = [severityOf(message), subjectOf(message)];
  return subject.startsWith(`${severity} `) ? subject : `${severity}: ${subject}`;
}

/** By which a receiver tells a repetition. */
export function idOf(message: Message): string {
  return message.kind === 'notice' ? message.notice.id : message.digest.id;
}

/** Of a digest only the last of its first notice: the way to the page. */
export function linksOf(message: Message): Notice['links'] {
  return message.kind === 'notice' ? message.notice.links : (message.digest.notices[0]?.links.slice(-1) ?? []);
}

/** The message's body as plain lines; each channel escapes them in its own way. */
export function linesOf(message: Message): string[] {
  if (message.kind === 'digest') {
    const { notices } = message.digest;
    const left = notices.length - listedMax;
    return [...notices.slice(0, listedMax).map(({ subject }) => subject), ...(left > 0 ? [`and ${left} more`] : [])];
  }
  const { why, where, evidence } = message.notice;
  const places = Object.entries(where).flatMap(([name, place]) => (place === null ? [] : [`${name}: ${place}`]));
  return [why, ...places, ...evidence.map(({ at, text, event_id }) => `${at} ${text} [${event_id}]`)];
}
