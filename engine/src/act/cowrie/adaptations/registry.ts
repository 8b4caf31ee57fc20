import type { AdaptationType } from '@cerberusmesh/contract/decision';
import { lureBook } from '../lures/book.ts';
import type { Adaptation } from './adaptation.ts';
import { bannerChange } from './banner-change.ts';
import { adaptationFromLure } from './from-lure.ts';
import { personaChange } from './persona-change.ts';
import { sshKeys } from './ssh-keys.ts';

const known = new Map<AdaptationType, Adaptation>(
  // SSH_KEYS has a place of its own: an RSA key whose length no template can promise.
  [...lureBook.lures.map(adaptationFromLure), bannerChange, personaChange, sshKeys].map((adaptation) => [
    adaptation.name,
    adaptation,
  ]),
);

/** The adaptation that a decision names. Throws for one that neither the code nor `policy/lures` describes. */
export function adaptationOf(name: AdaptationType): Adaptation {
  const found = known.get(name);
  if (!found) throw new Error(`${name} is described neither in policy/lures nor in the code`);
  return found;
}

export const adaptations: readonly Adaptation[] = [...known.values()];
