import { anomalyFeatures } from '../../anomaly-model.ts';
import { sessionRowFeatures } from '../../session-row.ts';
import { visitRowFeatures } from '../../visit/visit-row.ts';
import type { ModelCard } from '../card.ts';

export function anomalyCard(version: string, events: number, sessions: number): ModelCard {
  return {
    model: 'anomaly',
    version,
    purpose:
      'How unlike everyday honeypot traffic an event is, given its session so far: 0 as every day, 1 as nothing seen in training.',
    method: 'Isolation forest, 60 trees of 256 rows; the score is a rank among the training rows.',
    trainedOn: [
      {
        name: 'events of real honeypots',
        count: events,
        note: `${sessions} sessions; a fair sample of 40,000 events.`,
      },
    ],
    features: anomalyFeatures.length,
    measuredBy: 'There are no labels for unlikeness; the score is defined by the training rows.',
    figures: {},
    weaknesses: [
      'The hour is UTC and that of the training sensors.',
      'A busy new kind of bot is unlike until the model is trained again.',
    ],
  };
}

export function sessionAnomalyCard(version: string, sessions: number): ModelCard {
  return {
    model: 'session anomaly',
    version,
    purpose: 'The same for a whole session of which only the text is known.',
    method: 'Isolation forest, 60 trees of 256 rows; the score is a rank among the training rows.',
    trainedOn: [{ name: 'sessions', count: sessions, note: 'From honeypot logs and published collections.' }],
    features: sessionRowFeatures.length,
    measuredBy: 'There are no labels for unlikeness; the score is defined by the training rows.',
    figures: {},
    weaknesses: ['Every training shape is known, so the share of unknown shapes only counts for new sessions.'],
  };
}

export function visitAnomalyCard(version: string, sessions: number): ModelCard {
  return {
    model: 'visit anomaly',
    version,
    purpose: 'How unlike everyday visits a whole session is: 0 as every day, 1 as nothing seen in training.',
    method:
      'Isolation forest, 60 trees of 256 rows, over what was tried and typed (counts, distinct names, passwords and commands, how common the credentials are), how long and how quick it was, the pauses, and the hour; the score is a rank among the training rows.',
    trainedOn: [
      {
        name: 'sessions of real honeypots',
        count: sessions,
        note: 'Those that got in, typed something or have eight events.',
      },
    ],
    features: visitRowFeatures.length,
    measuredBy: 'There are no labels for unlikeness; the score is defined by the training rows.',
    figures: {},
    weaknesses: [
      'The reputation of the address is no feature of this version: the training logs have none, and a forest cannot cut what is constant in training. `cerberus train` makes it one where providers have answered.',
      'The hour is UTC and that of the training sensors.',
    ],
  };
}
