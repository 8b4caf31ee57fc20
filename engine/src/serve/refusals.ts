import type { Clock } from '../kit/clock.ts';
import type { Audit } from './deps.ts';

const restMs = 60_000;
const addressesMax = 1000;

/**
 * Appends a refused token, or a failed sign-in, to the audit log: at most once a minute and address, and of at most a thousand addresses, so
 * that nobody fills the log by guessing. Returns at once; that the database is away must not refuse anybody else.
 */
export function noteRefusals(
  audit: Audit,
  clock: Pick<Clock, 'now'>,
  action = 'token.refused',
): (address: string, details?: Readonly<Record<string, unknown>>) => void {
  const noted = new Map<string, number>();
  return function refused(address, details = {}) {
    const nowMs = clock.now().getTime();
    if (nowMs - (noted.get(address) ?? 0) < restMs) return;
    for (const [known, atMs] of noted) if (nowMs - atMs >= restMs) noted.delete(known);
    if (noted.size >= addressesMax) return;
    noted.set(address, nowMs);
    audit({ actor: 'nobody', action, subject: address, details }).catch(() => undefined);
  };
}
