import { CerberusError } from '@cerberusmesh/contract/errors';

export interface Seat {
  /** May be called again. */
  leave(): void;
}

/**
 * How many bodies may be in memory at once, over all tokens and of one, so that one sensor that is far behind does not
 * keep the others out.
 */
export function createIngestSeats({
  seatsMax,
  seatsOfOneMax,
}: {
  readonly seatsMax: number;
  readonly seatsOfOneMax: number;
}) {
  const taken = new Map<string, number>();
  let total = 0;

  /** @throws CerberusError RATE_LIMITED */
  return function takeSeat(tokenId: string): Seat {
    const own = taken.get(tokenId) ?? 0;
    if (total >= seatsMax || own >= seatsOfOneMax)
      throw new CerberusError('RATE_LIMITED', 'What was pushed before is still being stored.');
    total++;
    taken.set(tokenId, own + 1);
    let left = false;
    return {
      leave() {
        if (left) return;
        left = true;
        total--;
        const rest = (taken.get(tokenId) ?? 1) - 1;
        if (rest === 0) taken.delete(tokenId);
        else taken.set(tokenId, rest);
      },
    };
  };
}
