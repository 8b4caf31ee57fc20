import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { expandLogFiles } from '../collect/log-file-names.ts';
import { openReplay } from '../compose/open-replay.ts';
import type { ConfigFlags } from '../config.ts';
import { counted } from '../kit/counted.ts';
import type { CommandIo } from './command-io.ts';
import { createProgress } from './progress.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

interface ReplayFlags extends ConfigFlags {
  readonly json?: boolean;
  readonly speed?: number;
}

/** `cerberus replay FILE…`: stores logs to their end, exactly once; killed and started again it goes on where it was. */
export function replayCommand(io: CommandIo): Command {
  return addConfigOptions(new Command('replay'))
    .description('store Cowrie logs exactly once: plain, .gz, .bz2; in name order')
    .argument('<files...>')
    .option('--json', 'end with one JSON line of counts')
    .option('--speed <factor>', 'keep the pace of the events: 1 as they happened, 60 a minute in a second', toFactor)
    .action(async (paths: string[], flags: ReplayFlags) => {
      const files = await expandLogFiles(paths.map((path) => resolve(path)));
      const config = readCommandConfig(flags);
      const startedMs = performance.now();
      const replay = await openReplay({ config, stderr: io.stderr, speed: flags.speed });
      const progress = createProgress(
        io.stderr,
        files.reduce((sum, file) => sum + file.sizeBytes, 0),
      );
      const totals = { files: 0, bytes: 0, lines: 0, stored: 0, duplicate: 0, parked: 0 };
      try {
        for (const file of files) {
          await replay.readFile(file.path, {
            onProgress: (fileBytes) => progress.show(fileBytes, totals.stored),
            onStored(counts) {
              for (const [name, count] of Object.entries(counts)) {
                // `as`: Object.entries forgets that the names are those of both objects.
                totals[name as keyof typeof counts] += count;
              }
            },
          });
          totals.files++;
          progress.finishFile(file.sizeBytes);
        }
      } finally {
        progress.end();
        await replay.close();
      }
      const seconds = Math.round(performance.now() - startedMs) / 1000;
      io.stdout.write(flags.json ? `${JSON.stringify({ ...totals, seconds })}\n` : tell(totals, seconds));
    });
}

type Totals = Readonly<Record<'files' | 'lines' | 'stored' | 'duplicate' | 'parked', number>>;

function tell(totals: Totals, seconds: number): string {
  const { files, lines, stored, duplicate, parked } = totals;
  return `${counted(lines, 'line')} of ${counted(files, 'file')} in ${seconds} s: ${stored} stored, ${duplicate} already there, ${parked} parked.\n`;
}

function toFactor(text: string): number {
  const factor = Number(text);
  if (!(factor > 0)) throw new InvalidArgumentError('Expected a number above 0.');
  return factor;
}
