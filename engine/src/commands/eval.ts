import { join } from 'node:path';
import { Argument, Command } from 'commander';
import { loadCatalogue } from '../assess/attack/catalogue.ts';
import { loadRules } from '../assess/attack/load-rules.ts';
import { evaluateSeverity, evaluateTactics, evaluateTechniques } from '../assess/evaluate.ts';
import { loadSeverityModel } from '../assess/severity-model.ts';
import { loadTacticModel } from '../assess/tactic-model.ts';
import { projectDir } from '../compose/project.ts';
import type { CommandIo } from './command-io.ts';

const kinds = ['tactics', 'techniques', 'severity'] as const;
type Kind = (typeof kinds)[number];

/** `cerberus eval KIND FILE`: the figures of the installed models on labelled JSONL, as one JSON object. */
export function evalCommand(io: CommandIo): Command {
  return new Command('eval')
    .description(
      'measure the models on labelled JSONL: statements with labels, commands with a technique, or rated commands',
    )
    .addArgument(new Argument('<kind>', 'what to measure').choices(kinds))
    .argument('<file>', 'JSONL; its forms are those of the data’s README')
    .option('--models <folder>', 'folder with the trained models', join(projectDir, 'models'))
    .action((kind: Kind, file: string, { models }: { models: string }) => {
      io.stdout.write(`${JSON.stringify(evaluate(kind, file, models))}\n`);
    });
}

function evaluate(kind: Kind, file: string, models: string): unknown {
  const policy = join(projectDir, 'policy/attack');
  const rules = loadRules(policy);
  switch (kind) {
    case 'tactics':
      return evaluateTactics(file, rules, loadTacticModel(join(models, 'tactic.json')));
    case 'techniques':
      return evaluateTechniques(
        file,
        rules,
        loadSeverityModel(join(models, 'severity.json')),
        loadCatalogue(join(policy, 'catalogue.json')),
      );
    case 'severity':
      return evaluateSeverity(file, rules, loadSeverityModel(join(models, 'severity.json')));
  }
}
