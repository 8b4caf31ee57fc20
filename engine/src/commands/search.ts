import { parseSearch } from '@cerberusmesh/contract/search';
import { attackerFields, eventFields, type SearchFields, sessionFields } from '@cerberusmesh/contract/search-fields';
import { Command, InvalidArgumentError, Option } from 'commander';
import { withDatabase } from '../compose/open-for-command.ts';
import { type SearchList, searchLists, searchStored } from '../compose/search-stored.ts';
import type { ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { csvRecord } from '../kit/csv.ts';
import { printable } from '../kit/printable.ts';
import { createQueries } from '../store/read/queries.ts';
import { createReader } from '../store/read/reader.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

interface Options extends ConfigFlags {
  readonly list: SearchList;
  readonly limit: number;
  readonly json?: boolean;
  readonly csv?: boolean;
}

type Row = Readonly<Record<string, unknown>>;

const lists: Record<SearchList, { readonly fields: SearchFields; readonly shown: readonly string[] }> = {
  events: { fields: eventFields, shown: ['timestamp', 'severity', 'source_ip', 'event_type', 'command', 'username'] },
  sessions: { fields: sessionFields, shown: ['start_time', 'severity', 'source_ip', 'session_id', 'event_count'] },
  attackers: { fields: attackerFields, shown: ['threat_level', 'ip_address', 'country', 'as_name', 'total_events'] },
};
const limitMax = 1_000_000;

/** `cerberus search`: what the dashboard's search finds, for scripts. */
export function searchCommand(io: CommandIo): Command {
  const command = addConfigOptions(new Command('search'))
    .description('find events, sessions or attackers')
    .argument(
      '[words...]',
      'severity:HIGH ip:203.0.113.0/24 \'"wget http"\'; put -- before a search that begins with -',
    )
    .addOption(new Option('--list <list>', 'what to search').choices(searchLists).default('events'))
    .option('--limit <rows>', 'how many at most', parseLimit, 100)
    .option('--json', 'one JSON object per line')
    .option('--csv', 'CSV with a line of names; cells that a spreadsheet would run are made text')
    .addHelpText('after', `\nFields:\n${searchLists.map(helpOf).join('\n')}`)
    .action(async (words: string[], options: Options) => {
      const { fields } = lists[options.list];
      const q = words.join(' ');
      const result = parseSearch(q, fields);
      if (result.kind === 'fault') {
        const { at, expected } = result.fault;
        const place = `${printable(q)}\n${' '.repeat(printable(q.slice(0, at)).length)}^ expected ${expected}\n`;
        command.error(`cerberus: The search has a fault.\n${place}`, { exitCode: 2 });
      }
      const config = readCommandConfig(options);
      await withDatabase({ config, stderr: io.stderr, role: 'search' }, async ({ pool }) => {
        const queries = createQueries(createReader(pool));
        const { list, limit } = options;
        const write = writerOf(options);
        let isFirst = true;
        for await (const { rows } of searchStored(queries, systemClock, { list, limit, parameters: { q } })) {
          for (const row of rows) {
            io.stdout.write(write(row, isFirst));
            isFirst = false;
          }
        }
      });
    });
  return command;
}

function writerOf({ json, csv, list }: Options): (row: Row, isFirst: boolean) => string {
  if (json === true) return (row) => `${JSON.stringify(row)}\n`;
  if (csv === true) {
    return (row, isFirst) => `${isFirst ? csvRecord(Object.keys(row)) : ''}${csvRecord(Object.values(row))}`;
  }
  const { shown } = lists[list];
  return (row) => `${shown.map((name) => printable(String(row[name] ?? '-'))).join('  ')}\n`;
}

function helpOf(list: SearchList): string {
  const fields = Object.entries(lists[list].fields);
  return `  ${list}\n${fields.map(([name, { does }]) => `    ${name.padEnd(11)} ${does}`).join('\n')}`;
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= limitMax) return limit;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${limitMax}.`);
}
