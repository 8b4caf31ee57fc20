import { createHmac } from 'node:crypto';

/**
 * Answers whether an address belongs to the control group, which gets no adaptation: a share of all addresses, chosen
 * by a hash under this installation's key, so that it is always the same ones and nobody else can tell which. Who comes
 * over loopback tries the product, and says nothing about attackers: he is in it only where everybody is.
 */
export function createControlGroup(key: Uint8Array, share: number): (address: string | null) => boolean {
  const known = new Map<string, boolean>();
  const groupKey = controlGroupKey(key);
  return function isControl(address) {
    if (address === null || share <= 0) return false;
    if (share < 1 && isLoopback(address)) return false;
    const answer = known.get(address) ?? draw(address) < share;
    if (known.size >= knownMax) known.clear();
    known.set(address, answer);
    return answer;
  };

  function draw(address: string): number {
    return createHmac('sha256', groupKey).update(address).digest().readUInt32BE(0) / 2 ** 32;
  }
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** Opens this one secret, so that our plugin in a honeypot can tell the same addresses; the installation's own key stays here. */
export function controlGroupKey(installKey: Uint8Array): Buffer {
  return createHmac('sha256', installKey).update('control group').digest();
}

const knownMax = 50_000;
