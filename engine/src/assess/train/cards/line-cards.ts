import { Severity } from '@cerberusmesh/contract/severity';
import type { TypeCorpus } from '../attack-type-data.ts';
import type { ModelCard } from '../card.ts';
import type { SeverityCorpus, SeverityFigures } from '../measure-severity.ts';
import type { AttackTypeFigures } from '../train-attack-type.ts';

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
