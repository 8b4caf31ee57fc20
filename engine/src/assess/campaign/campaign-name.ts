import type { Evidence, SessionDigest } from '@cerberusmesh/contract/campaign';

/** The most telling first. */
const kinds: readonly Evidence['kind'][] = [
  'token',
  'wallet',
  'host',
  'key',
  'payload',
  'login_key',
  'url',
  'credentials',
];
const nameMax = 60;

/** What a campaign is called, by the session that began it. For people only: the id is what stays. */
export function campaignName({ evidence, shape }: SessionDigest): string {
  for (const kind of kinds) {
    const item = evidence.find((candidate) => candidate.kind === kind);
    // A public key begins as all of its kind do; its end is its own.
    if (item) return cut(`${kind.replace('_', ' ')} ${kind === 'key' ? `…${item.value.slice(-16)}` : item.value}`);
  }
  return cut(shape?.text.replaceAll('\n', '; ') ?? 'unnamed');
}

function cut(text: string): string {
  return text.length > nameMax ? `${text.slice(0, nameMax - 1)}…` : text;
}
