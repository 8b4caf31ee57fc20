import { Severity } from '@cerberusmesh/contract/severity';
import { anomalyFeatures } from '../anomaly-model.ts';
import type { CredentialCount } from '../credential-model.ts';
import { sessionRowFeatures } from '../session-row.ts';
import { visitRowFeatures } from '../visit/visit-row.ts';
import type { TypeCorpus } from './attack-type-data.ts';
import type { ModelCard } from './card.ts';
import type { SequenceFigures } from './measure-sequence.ts';
import type { SeverityCorpus, SeverityFigures } from './measure-severity.ts';
import type { ActorFigures } from './train-actor.ts';
import type { AttackTypeFigures } from './train-attack-type.ts';
import type { TacticFigures } from './train-tactics.ts';

export function severityCard(
  version: string,
  corpus: SeverityCorpus,
  figures: SeverityFigures,
  features: number,
): ModelCard {
  const { confusion, calibration, ...rest } = figures;
  return {
    model: 'severity',
    version,
    purpose:
      'LOW, MEDIUM or HIGH for one command line, as ARCHITECTURE.md defines the steps, with a calibrated chance.',
    method:
      'Multinomial logistic regression over features of the parsed line (command names, options, kinds of arguments and paths, pipes, ATT&CK rules that matched); temperature fitted on held-back folds. A line of several pipelines is as grave as its gravest, and so is what a statement holds where a sure rule calls that grave. No rule overrides the model.',
    trainedOn: [
      {
        name: 'doubly rated commands',
        count: corpus.rated.length,
        note: 'A half label each where the raters differ; copies of one shape share their weight (n to the 0.25).',
      },
      {
        name: 'ordinary commands',
        count: corpus.ordinary.length,
        note: 'Every second one, as LOW, each weighing 0.1.',
      },
      {
        name: 'examples of this project’s ATT&CK rules, and lines of administration',
        count: corpus.examples.length,
        note: 'With their rule’s gravity, or LOW; written by us, each weighing a half.',
      },
    ],
    features,
    measuredBy:
      'Five folds grouped by line shape: no shape is trained and measured at once. Intervals: bootstrap over shapes. Figures per shape count every script once.',
    figures: rest,
    confusion: { labels: Severity.options, rows: confusion },
    calibration,
    weaknesses: [
      'The rule examples carry the judgement of the people who wrote the rules.',
      'Raters saw single commands; a command that is grave only in its session is judged alone.',
      'A program whose name says nothing (`./x`) is HIGH, since in a shell that was broken into it nearly always is; an administrator’s own script is too.',
      'Rated commands come from five sources, years 2017 to 2023; other shells (routers, Windows) are hardly known.',
    ],
  };
}

export function attackTypeCard(
  version: string,
  corpus: TypeCorpus,
  figures: AttackTypeFigures,
  features: number,
): ModelCard {
  const { calibration, ...rest } = figures;
  return {
    model: 'attack type',
    version,
    purpose:
      'What kind of attack one command line is, by name, with a calibrated chance; it abstains where it is unsure.',
    method:
      'Multinomial logistic regression over the features that severity is told from; temperature fitted on held-back folds. Below a chance of 0.4 it names nothing.',
    trainedOn: [
      {
        name: 'commands that two raters named',
        count: corpus.rated.length,
        note: 'Their 180 words are brought down to the types by a table of ours; a half label each where the raters mean different ones; copies of one shape share their weight (n to the 0.25).',
      },
      {
        name: 'examples of this project’s ATT&CK rules',
        count: corpus.examples.length,
        note: 'Weak labels: the name of the rule’s technique, our own judgement, each weighing a half. Some types (cryptomining, ransomware, web_shell, remote_shell, command_and_control) are learned from these alone.',
      },
      {
        name: 'ordinary commands',
        count: corpus.ordinary.length,
        note: 'Every fourth one, as none, each weighing 0.1.',
      },
    ],
    features,
    measuredBy:
      'On the raters’ names only, one line per shape, five folds grouped by line shape. An answer counts as right where it is what either rater meant. Macro-F1 is over the types that raters used, where both agree.',
    figures: rest,
    calibration,
    weaknesses: [
      'Types that are learned from rules’ examples alone are not measured: no rater used their names.',
      'A line that does several things has one name.',
      'Raters saw single commands; which of two near words they chose (a recon or nothing, a dropper or a download) is partly taste.',
    ],
  };
}

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
      'The labels contradict each other in places (the same download is Harmless in one session and Execution in the next), which bounds what can be reached.',
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
