import { Indicator } from '@cerberusmesh/contract/indicator';
import { ThreatLevel } from '@cerberusmesh/contract/severity';
import { Command, Option } from 'commander';
import { openExport } from '../compose/open-export.ts';
import type { ConfigFlags } from '../config.ts';
import { csvRecord } from '../kit/csv.ts';
import { mispEvent } from '../serve/indicators/misp.ts';
import { stixBundle } from '../serve/indicators/stix.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';
import { wholeNumber } from './whole-number.ts';

interface IndicatorFlags extends ConfigFlags {
  readonly days: number;
  readonly threatLevel: ThreatLevel;
  readonly limit: number;
}

type Writer = (
  indicators: readonly Indicator[],
  producer: { readonly installation: string; readonly now: Date },
) => Iterable<string>;

const dayMs = 86_400_000;

/** `cerberus export`: what other programs take from us. */
export function exportCommand(io: CommandIo): Command {
  const command = new Command('export').description('write what other programs take from us');
  addConfigOptions(command.command('blocklist'))
    .description('addresses to block now, one a line: what GET /api/feeds/blocklist gives')
    .option('--json', 'one JSON object per line, with why and until when')
    .action(async (options: ConfigFlags & { json?: boolean }) => {
      await openExport(readCommandConfig(options), io.stderr, async ({ readBlocklist }) => {
        for (const blocked of await readBlocklist()) {
          io.stdout.write(`${options.json === true ? JSON.stringify(blocked) : blocked.address}\n`);
        }
      });
    });
  addIndicators(command, io, 'stix', 'indicators as a STIX 2.1 bundle, whose ids are the same each time', stixBundle);
  addIndicators(command, io, 'misp', 'indicators as a MISP event, to be imported', mispEvent);
  addIndicators(command, io, 'csv', 'indicators as CSV with a line of names', csvOf);
  return command;
}

function addIndicators(command: Command, io: CommandIo, name: string, does: string, write: Writer): void {
  addConfigOptions(command.command(name))
    .description(`${does}: attackers' addresses, hashes of files, URLs`)
    .option('--days <days>', 'seen within so many days', wholeNumber(1, 36_500), 30)
    .addOption(
      new Option('--threat-level <level>', 'addresses of this level or above')
        .choices(ThreatLevel.options)
        .default('MEDIUM'),
    )
    .option('--limit <rows>', 'so many addresses at most, and so many of the rest', wholeNumber(1, 100_000), 10_000)
    .action(async ({ days, threatLevel, limit, ...flags }: IndicatorFlags) => {
      await openExport(readCommandConfig(flags), io.stderr, async ({ readIndicators, installation, now }) => {
        const since = new Date(now.getTime() - days * dayMs);
        const indicators = await readIndicators({ since, levelMin: threatLevel, limit });
        for (const piece of write(indicators, { installation, now })) io.stdout.write(piece);
      });
    });
}

function* csvOf(indicators: readonly Indicator[]): Generator<string> {
  const columns = Indicator.keyof().options;
  yield csvRecord(columns);
  for (const indicator of indicators) yield csvRecord(columns.map((column) => indicator[column]));
}
