import type { CredentialCount } from '../../credential-model.ts';
import type { ModelCard } from '../card.ts';
import type { SequenceFigures } from '../measure-sequence.ts';

export function credentialsCard(version: string, tried: readonly CredentialCount[]): ModelCard {
  return {
    model: 'credentials',
    version,
    purpose:
      'How common the credentials of a login are among the guesses of every day: a feature of the anomaly score.',
    method:
      'Counts of pairs, names and passwords as 32-bit hashes with one byte each; the texts are not kept. Familiarity is the logarithm of the count.',
    trainedOn: [
      { name: 'pairs of user name and password', count: tried.length, note: 'The commonest of one honeypot.' },
    ],
    features: 3,
    measuredBy: 'Counted, not measured.',
    figures: { guesses: tried.reduce((sum, { count }) => sum + count, 0) },
    weaknesses: [
      'One sensor’s list: a list that bots share later is unusual until the model is trained again.',
      'A hash is shared by two texts once in about 200,000 lookups, and a short text can be found by trying.',
    ],
  };
}

export function sequenceCard(version: string, sessions: number, figures: SequenceFigures): ModelCard {
  return {
    model: 'sequence',
    version,
    purpose: 'Novelty: how surprising the statements of a session are, in their order.',
    method:
      'Mixture of n-grams over statement shapes (after two, after one, alone) and command names, each order backing off to the shorter by Witten-Bell; half surprise, half whether shape and order were ever seen.',
    trainedOn: [
      { name: 'sessions', count: sessions, note: 'From honeypot logs and published collections; each script once.' },
    ],
    features: 6,
    measuredBy:
      'A fifth of the families (half of their shapes shared) held back whole, and a fifth of the scripts of the others. The chance that the first is called newer than the second.',
    figures: { ...figures },
    weaknesses: [
      'A new family that is made of steps that others take too is hardly newer than a new script of a known family.',
      'Sessions of people come from other machines than those of scripts, so part of their novelty is the place.',
    ],
  };
}

export function shapesCard(version: string, sessions: number): ModelCard {
  return {
    model: 'known shapes',
    version,
    purpose: 'Which shapes of statements were seen before; the order of them is the sequence model’s part.',
    method: '32-bit hashes of statement shapes (names, addresses, keys and blobs taken out).',
    trainedOn: [{ name: 'sessions', count: sessions, note: 'From honeypot logs and published collections.' }],
    features: 1,
    measuredBy: 'Counted, not measured.',
    figures: {},
    weaknesses: ['Two shapes share a hash once in about 400,000 lookups at this size.'],
  };
}
