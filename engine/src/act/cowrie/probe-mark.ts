import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * What our probe says it is. To anybody else it looks like a Debian client; whoever has the install key sees that it
 * is ours, in Cowrie's `cowrie.client.version`. Only the honeypot's own log ever holds it, so a copy of an old one is
 * worth nothing to a visitor who cannot read that log.
 */
const form = /^SSH-2\.0-OpenSSH_9\.6p1 Debian-([0-9a-f]{8})([0-9a-f]{24})$/;

/** What stands after `SSH-2.0-`; another one for every visit. */
export function createProbeMark(key: Uint8Array): string {
  const nonce = randomBytes(4).toString('hex');
  return `OpenSSH_9.6p1 Debian-${nonce}${tagOf(key, nonce).toString('hex')}`;
}

/** Whether it has the form of a mark, whoever made it. */
export function hasMarkForm(version: string): boolean {
  return form.test(version);
}

/** True for a client version that was made with this key. Takes the same time whatever the difference is. */
export function isProbeMark(key: Uint8Array, version: string): boolean {
  const [, nonce, tag] = form.exec(version) ?? [];
  if (nonce === undefined || tag === undefined) return false;
  return timingSafeEqual(Buffer.from(tag, 'hex'), tagOf(key, nonce));
}

function tagOf(key: Uint8Array, nonce: string): Buffer {
  return createHmac('sha256', key).update(`probe ${nonce}`).digest().subarray(0, 12);
}
