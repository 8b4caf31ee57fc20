import type { ModelCard } from '../card.ts';
import type { ActorFigures } from '../train-actor.ts';
import type { TacticFigures } from '../train-tactics.ts';

export function tacticCard(version: string, figures: TacticFigures, features: number): ModelCard {
  const { confusion, labels, ...rest } = figures;
  return {
    model: 'tactic',
    version,
    purpose: 'The ATT&CK tactic of each statement of a session, in context.',
    method:
      'Linear-chain conditional random field (exact likelihood, Viterbi) over features of the statement, its neighbours’ names, its pipeline and what becomes of the files it touches; half of the features hidden at each step, the mean of three trainings.',
    trainedOn: [
      {
        name: 'sessions labelled statement by statement (LogPrecis)',
        count: figures.sessions,
        note: `${figures.statements} statements in ${figures.groups} different scripts.`,
      },
    ],
    features,
    measuredBy: 'Ten folds grouped by the session’s statement shapes. Fidelity: the whole collapsed sequence is right.',
    figures: rest,
    confusion: { labels, rows: confusion },
    weaknesses: [
      'Seven classes only, those of the labelled set; other tactics are named by rules where this model is unsure.',
      'The product’s answer is not this model’s alone: where it is unsure, or most of a session’s shapes are new, a surer rule names the tactic. On the labelled sessions that costs fidelity, and their labels agree with the rule no more often than with the model; it is there for tactics beyond the seven (tacticAnswers of `npm run bench -- assess`).',
      'Most statements of the rare classes (Other, Harmless, Impact) have no twin in another script to learn from. Where there is a twin the labels hardly ever differ, so what bounds this model is too few scripts and not the labels’ noise (tacticLabels of `npm run bench -- assess`).',
      'Few sessions, so rare tactics (Impact, Other, Harmless) are weak; see the confusion matrix.',
    ],
  };
}

export function actorCard(version: string, figures: ActorFigures, features: number): ModelCard {
  return {
    model: 'actor',
    version,
    purpose: 'Did a person type this session, or a script?',
    method:
      'Logistic regression over order and repetition of what was typed (repairs, repeats, short looks, joined commands) and, where they are known, the pauses between commands.',
    trainedOn: [
      {
        name: 'sessions of people in attack training',
        count: figures.humans,
        note: 'Each sandbox whole and in pieces of 4, 10 and 25 commands, each with and without its times, kept in one fold.',
      },
      {
        name: 'different scripts seen by honeypots',
        count: figures.scripts,
        note: 'One session of each, with its times where the log has them, and without.',
      },
    ],
    features,
    measuredBy: 'Five folds; scripts grouped by their text. Area under the curve.',
    figures: { ...figures },
    weaknesses: [
      'People and scripts come from different places, so part of what is learned is the place.',
      'Honeypot sessions are assumed to be scripts; a few are people.',
      'A person who types one or two commands is hardly told from a script.',
    ],
  };
}
