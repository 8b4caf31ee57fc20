import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { TrainingRecord } from '@cerberusmesh/contract/models';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { Command, InvalidArgumentError, Option } from 'commander';
import { loadRules } from '../assess/attack/load-rules.ts';
import { linesOfFile } from '../assess/train/lines-of-file.ts';
import { type TrainablePart, trainAll, trainableParts } from '../assess/train/train-all.ts';
import { openTraining } from '../compose/learning/open-training.ts';
import { projectDir } from '../compose/project.ts';
import type { ConfigFlags } from '../config.ts';
import { createNormalize } from '../normalize/normalize.ts';
import type { CommandIo } from './command-io.ts';
import { createShareBar } from './progress.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

interface TrainFlags extends ConfigFlags {
  readonly from?: string;
  readonly out: string;
  readonly modelVersion: string;
  readonly only?: readonly TrainablePart[];
  readonly days?: number;
  readonly promote: boolean;
  readonly json?: boolean;
}

/** `cerberus train`: a new version from the stored events and feedback; with `--from` the shipped models from labelled data. */
export function trainCommand(io: CommandIo): Command {
  return addConfigOptions(new Command('train'))
    .description('train a new version of the models from the stored events and feedback')
    .option('--days <number>', 'only events of the last days', toDays)
    .option('--no-promote', 'keep the new version without taking it into use')
    .option('--json', 'end with one JSON line')
    .option(
      '--from <folder>',
      'instead: every model from labelled data (labelled/, benign/, human/, unlabelled/, raw/)',
    )
    .option('--out <folder>', 'with --from: where the models go', join(projectDir, 'models'))
    .option('--model-version <text>', 'with --from: name of this version', new Date().toISOString().slice(0, 10))
    .addOption(
      new Option('--only <parts...>', 'with --from: train these parts, leave the others as they are').choices(
        trainableParts,
      ),
    )
    .action(async (flags: TrainFlags) => {
      if (flags.from !== undefined) trainShipped(io, flags.from, flags);
      else await trainStored(io, flags);
    });
}

function trainShipped(io: CommandIo, from: string, { out, modelVersion, only }: TrainFlags): void {
  trainAll({
    from,
    out,
    parts: new Set(only ?? trainableParts),
    version: modelVersion,
    rules: loadRules(join(projectDir, 'policy/attack')),
    events: () => loggedEvents(join(from, 'raw')),
    progress: (step) => io.stderr.write(`${step}\n`),
  });
  io.stdout.write(`${JSON.stringify({ trained: true, out, version: modelVersion })}\n`);
}

async function trainStored(io: CommandIo, flags: TrainFlags): Promise<void> {
  const progress = createShareBar(io.stderr);
  const opened = await openTraining({ config: readCommandConfig(flags), stderr: io.stderr, changed: progress.show });
  try {
    const { ended } = await opened.trainer.start({
      days: flags.days ?? null,
      promote: flags.promote,
      by: 'command-line',
    });
    const training = await ended;
    progress.end();
    if (training.state === 'refused') throw new CerberusError('TRAINING_REFUSED', training.why ?? '');
    if (training.state !== 'done') throw new Error(`The training failed: ${training.why}`);
    io.stdout.write(flags.json ? `${JSON.stringify(training)}\n` : tellTraining(training));
  } finally {
    progress.end();
    await opened.close();
  }
}

function tellTraining({ version, promoted, why }: TrainingRecord): string {
  return `Version ${version} was trained and ${promoted ? 'is in use' : 'is kept, not in use'}. ${why}\n`;
}

function toDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 36_500) return days;
  throw new InvalidArgumentError('Expected a whole number of days from 1.');
}

/** Events of every log of a folder, in name order; lines that cannot be read are passed over. */
export function* loggedEvents(folder: string): Iterable<SensorEvent> {
  const normalize = createNormalize();
  for (const name of logNames(folder)) {
    for (const text of linesOfFile(join(folder, name))) {
      const { line } = normalize({ text, coveredBytes: Buffer.byteLength(text) + 1 });
      if (line) yield line.event;
    }
  }
}

function logNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl') || name.endsWith('.json'))
      .sort();
  } catch (cause) {
    throw new CerberusError(
      'SOURCE_UNREADABLE',
      `Expected a folder of Cowrie logs at ${folder}, and it cannot be read.`,
      cause,
    );
  }
}
