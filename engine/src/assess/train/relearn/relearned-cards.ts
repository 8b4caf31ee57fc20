import type { Comparison, ModelCard } from '@cerberusmesh/contract/models';
import type { ForestFile } from '../../anomaly-scorer.ts';
import type { Gathered } from './gather.ts';
import type { RelearnedSessions } from './relearn-sessions.ts';
import type { RelearnedSeverity } from './relearn-severity.ts';
import type { RelearnedVisits } from './relearn-visits.ts';

export interface CardParts {
  readonly parents: readonly ModelCard[];
  readonly version: string;
  readonly gathered: Gathered;
  readonly severity: RelearnedSeverity;
  readonly anomaly: ForestFile;
  readonly sessions: RelearnedSessions;
  readonly visits: RelearnedVisits;
  readonly comparisons: readonly Comparison[];
}

/** The parent's cards, with what this training changed; a model that was taken over keeps its card as it was. */
export function relearnedCards(parts: CardParts): ModelCard[] {
  const changed = new Map(
    [
      severityCard(parts),
      anomalyCard(parts),
      shapesCard(parts),
      sequenceCard(parts),
      sessionAnomalyCard(parts),
      visitAnomalyCard(parts),
    ].flatMap((card) => (card === null ? [] : [[card.model, card.card] as const])),
  );
  return parts.parents.map((card) => ({ ...card, ...changed.get(card.model) }));
}

type Change = { readonly model: string; readonly card: Partial<ModelCard> } | null;

const measuredBy =
  'One session in five is held back whole, and feedback by shape in five folds; each figure is of both versions on the same items, with the middle 95 % of their difference over resampled groups.';
const attackersWrite = 'It learns from what attackers send: whoever sends enough of a thing makes it look ordinary.';

function severityCard({ severity, version, comparisons }: CardParts): Change {
  if (!severity.learned) return null;
  return {
    model: 'severity',
    card: {
      version,
      method:
        'The weights of the version before, moved by feedback: likelihood of the labels minus each weight’s squared move times how firmly its training held it (diagonal Fisher information). No example of the earlier training is needed or kept.',
      trainedOn: [
        {
          name: 'feedback of people',
          count: severity.labels,
          note: `${severity.shapes} different shapes; weighs as one rated command a shape.`,
        },
      ],
      features: severity.file.features.length,
      measuredBy,
      figures: { ...severity.figures, comparisons: comparisons.filter(({ figure }) => figure.startsWith('severity')) },
      confusion: { labels: [...severity.confusion.labels], rows: severity.confusion.rows.map((row) => [...row]) },
      calibration: [...severity.calibration],
      weaknesses: [
        'Feedback is given on what somebody looked at, so it is no fair sample of what happens.',
        'The temperature of the version before is kept; the calibration error is measured on feedback alone.',
        'How firmly a weight is held is known for small moves only; the rules’ examples are asked against forgetting.',
      ],
    },
  };
}

function anomalyCard({ gathered, anomaly, version, comparisons }: CardParts): Change {
  return {
    model: 'anomaly',
    card: {
      version,
      trainedOn: [{ name: 'stored events', count: gathered.events, note: windowOf(gathered) }],
      features: anomaly.features.length,
      measuredBy,
      figures: { comparisons: comparisons.filter(({ figure }) => figure.startsWith('anomaly')) },
      weaknesses: [attackersWrite, 'Mixed-up rows are easier to tell than a careful attacker.'],
    },
  };
}

function shapesCard({ gathered, sessions, version, comparisons }: CardParts): Change {
  return {
    model: 'known shapes',
    card: {
      version,
      trainedOn: [{ name: 'sessions with commands', count: sessions.sessions, note: windowOf(gathered) }],
      measuredBy,
      figures: { comparisons: comparisons.filter(({ figure }) => figure.startsWith('known shapes')) },
      weaknesses: [attackersWrite, 'Shapes are only added, never forgotten.'],
    },
  };
}

function sequenceCard({ gathered, sessions, version, comparisons }: CardParts): Change {
  return {
    model: 'sequence',
    card: {
      version,
      trainedOn: [{ name: 'sessions with commands', count: sessions.sessions, note: windowOf(gathered) }],
      measuredBy,
      figures: { comparisons: comparisons.filter(({ figure }) => figure.startsWith('sequence')) },
      weaknesses: [attackersWrite, 'What was counted before is kept; only scripts with a new step are added.'],
    },
  };
}

function sessionAnomalyCard({ gathered, sessions, version, comparisons }: CardParts): Change {
  if (sessions.sessionAnomaly === null) return null;
  return {
    model: 'session anomaly',
    card: {
      version,
      trainedOn: [{ name: 'sessions with commands', count: sessions.sessions, note: windowOf(gathered) }],
      measuredBy,
      figures: { comparisons: comparisons.filter(({ figure }) => figure.startsWith('session anomaly')) },
      weaknesses: [attackersWrite],
    },
  };
}

function visitAnomalyCard({ gathered, visits, version, comparisons }: CardParts): Change {
  if (visits.file === null) return null;
  return {
    model: 'visit anomaly',
    card: {
      version,
      trainedOn: [
        {
          name: 'visits that did something',
          count: visits.visits,
          note: `${windowOf(gathered)} Providers of reputation had answered for ${visits.withReputation} of them.`,
        },
      ],
      features: visits.file.features.length,
      measuredBy,
      figures: { comparisons: comparisons.filter(({ figure }) => figure.startsWith('visit anomaly')) },
      weaknesses: [
        attackersWrite,
        'The reputation of an address is what providers said last, not what they would have said during the visit.',
      ],
    },
  };
}

function windowOf({ fromMs, toMs, sessions }: Gathered): string {
  const day = (epochMs: number | null) => (epochMs === null ? 'nothing' : new Date(epochMs).toISOString());
  return `${sessions} sessions from ${day(fromMs)} to ${day(toMs)}; one session in five was held back.`;
}
