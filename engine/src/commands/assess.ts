import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Command, Option } from 'commander';
import { loadSessionJudge } from '../assess/load-session-judge.ts';
import { type AttackVersion, answerLine } from '../assess/session-request.ts';
import { projectDir } from '../compose/project.ts';
import type { CommandIo } from './command-io.ts';

/** `cerberus assess`: sessions as JSONL in, what they mean as JSONL out, in the same order. Needs no database. */
export function assessCommand(io: CommandIo): Command {
  return new Command('assess')
    .description('assess sessions given as JSONL on standard input: {"id","commands":[…]} or {"id","statements":[…]}')
    .addOption(new Option('--attack <version>', 'numbering of ATT&CK techniques').choices(['18', '19']).default('18'))
    .option('--models <folder>', 'folder with the trained models', join(projectDir, 'models'))
    .action(async ({ attack, models }: { attack: AttackVersion; models: string }) => {
      const judge = loadSessionJudge({ modelsFolder: models, policyFolder: join(projectDir, 'policy') });
      for await (const line of linesOf(io.stdin)) {
        if (line.trim() !== '') await written(io, `${answerLine(line, judge, attack)}\n`);
      }
    });
}

function linesOf(stdin: Readable): AsyncIterable<string> {
  return createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY });
}

/** Waits when the reader of our output is slower than we are, so that memory stays flat on a long stream. */
function written({ stdout }: CommandIo, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
