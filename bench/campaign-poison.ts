import type { Evidence, SessionDigest } from '@cerberusmesh/contract/campaign';
import { textEvidence } from '../engine/src/assess/campaign/evidence.ts';

const everyNth = 5;
const bridges = 300;
const popular: readonly Evidence[] = [
  ...textEvidence('/bin/busybox SATORI'),
  ...textEvidence(`ssh-rsa AAAAB3NzaC1yc2EAAAABIwAAAQEA${'6NF8'.repeat(80)} published`),
  ...textEvidence('curl https://raw.example.org/tools/linpeas.sh'),
];

/** What somebody would write who wants campaigns to melt into one. */
export function poisoned<T extends { readonly digest: SessionDigest; readonly family: string | undefined }>(
  sessions: readonly T[],
): (T | { digest: SessionDigest; family: undefined })[] {
  const shared = sessions.map((one, at) =>
    at % everyNth === 0 && one.digest.shape !== undefined
      ? { ...one, digest: { ...one.digest, evidence: [...one.digest.evidence, ...popular] } }
      : one,
  );
  const telling = sessions.filter(({ digest }) =>
    digest.evidence.some(({ kind }) => kind === 'key' || kind === 'url' || kind === 'payload'),
  );
  const bridging = Array.from({ length: bridges }, (_, at) => {
    const [a, b] = [telling[(at * 7919) % telling.length], telling[(at * 104_729 + 13) % telling.length]];
    const evidence = [...(a?.digest.evidence ?? []), ...(b?.digest.evidence ?? [])].filter(
      ({ kind }) => kind !== 'address' && kind !== 'client',
    );
    const digest = { sessionId: `bridge ${at}`, address: `203.0.113.${at % 2}`, shape: undefined, evidence };
    return { digest, family: undefined };
  });
  return [...shared, ...bridging];
}
