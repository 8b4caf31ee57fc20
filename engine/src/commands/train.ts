import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { Command, Option } from 'commander';
import { loadRules } from '../assess/attack/load-rules.ts';
import { linesOfFile } from '../assess/train/lines-of-file.ts';
import { type TrainablePart, trainAll, trainableParts } from '../assess/train/train-all.ts';
import { projectDir } from '../compose/project.ts';
import { createNormalize } from '../normalize/normalize.ts';
import type { CommandIo } from './command-io.ts';

interface TrainFlags {
  readonly from: string;
  readonly out: string;
  readonly modelVersion: string;
  readonly only?: readonly TrainablePart[];
}

/** `cerberus train`: every model from labelled data and logs, with cards that say how good they are. */
export function trainCommand(io: CommandIo): Command {
  return new Command('train')
    .description('train the models from a folder of labelled data and logs, and write them with their cards')
    .requiredOption('--from <folder>', 'folder with labelled/, benign/, human/, unlabelled/ and raw/')
    .option('--out <folder>', 'where the models go', join(projectDir, 'models'))
    .option('--model-version <text>', 'name of this version', new Date().toISOString().slice(0, 10))
    .addOption(
      new Option('--only <parts...>', 'train these parts and leave the others as they are').choices(trainableParts),
    )
    .action(({ from, out, modelVersion, only }: TrainFlags) => {
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
    });
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
