/** An address as numbers. Of IPv6 only the upper half: no network that is announced is smaller than that. */
export type IpAddress =
  | { readonly family: 'ipv4'; readonly value: number }
  | { readonly family: 'ipv6'; readonly upper: bigint };

const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/** Undefined where the text is no address. An IPv4 address in IPv6's clothes is an IPv4 address. */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (text.length > 45) return undefined;
  const plain = plainAddress(text);
  if (!plain.includes(':')) return parseIpv4(plain);
  const upper = parseUpperHalf(plain.split('%')[0] ?? '');
  return upper === undefined ? undefined : { family: 'ipv6', upper };
}

/** `::ffff:192.0.2.1` is how a server that listens on both families writes `192.0.2.1`. */
export function plainAddress(text: string): string {
  return mapped.exec(text)?.[1] ?? text;
}

function parseIpv4(text: string): IpAddress | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return { family: 'ipv4', value };
}

function parseUpperHalf(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const given = head.length + tail.length;
  if (halves.length === 1 ? given !== 8 : given > 7) return undefined;
  const groups = [...head, ...Array.from({ length: 8 - given }, () => '0'), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return BigInt(
    `0x${groups
      .slice(0, 4)
      .map((group) => group.padStart(4, '0'))
      .join('')}`,
  );
}
