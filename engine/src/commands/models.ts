import { CerberusError } from '@cerberusmesh/contract/errors';
import { eventIdFloor } from '@cerberusmesh/contract/event-id';
import { Command, InvalidArgumentError } from 'commander';
import { cardText } from '../assess/train/card.ts';
import { readCards } from '../assess/train/relearn/relearn.ts';
import { openModelFolder } from '../compose/learning/model-folder.ts';
import type { OpenDatabase } from '../compose/open-database.ts';
import { withDatabase } from '../compose/open-for-command.ts';
import type { ConfigFlags } from '../config.ts';
import { counted } from '../kit/counted.ts';
import {
  findCurrentVersion,
  findModel,
  listModels,
  promote,
  rollBack,
  shippedVersion,
} from '../store/learning/models.ts';
import { startReassessment } from '../store/learning/reassessments.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

interface ModelFlags extends ConfigFlags {
  readonly json?: boolean;
  readonly days?: number;
}

interface Asked {
  readonly database: OpenDatabase;
  readonly stateDir: string;
  readonly version: string;
  readonly flags: ModelFlags;
}

const by = 'command-line';
const dayMs = 86_400_000;

/** `cerberus models …`: which versions there are, which one is in use, and what is assessed with it. */
export function modelsCommand(io: CommandIo): Command {
  const models = new Command('models').description('versions of the models');
  add('list', list).description('the versions, newest first; * is in use').option('--json', 'as one JSON line');
  add('show', show).description('the cards of a version, and how it compared').argument('<version>');
  add('promote', take).description('take a version into use').argument('<version>');
  add('rollback', goBack).description('go back to the version before');
  add('reassess', reassess)
    .description('have the events of the last days assessed again, by the engine, with the version in use')
    .requiredOption('--days <number>', 'how far back', toDays);
  return models;

  function add(name: string, answer: (asked: Asked) => Promise<string>): Command {
    const command = addConfigOptions(models.command(name));
    return command.action(async () => {
      io.stdout.write(await askModels(io, command.opts<ModelFlags>(), command.args[0] ?? '', answer));
    });
  }
}

async function askModels(
  io: CommandIo,
  flags: ModelFlags,
  version: string,
  answer: (asked: Asked) => Promise<string>,
): Promise<string> {
  const config = readCommandConfig(flags);
  return await withDatabase({ config, stderr: io.stderr, role: 'models' }, (database) =>
    answer({ database, stateDir: config.state.dir, version, flags }),
  );
}

async function list({ database, flags }: Asked): Promise<string> {
  const [current, trained] = [await findCurrentVersion(database.pool), await listModels(database.pool)];
  if (flags.json) return `${JSON.stringify({ current, versions: trained })}\n`;
  const shipped = { version: shippedVersion, created_by: 'comes with the program', events: null, why: '' };
  const lines = [...trained, shipped].map(({ version, created_by, events, why }) => {
    const counts = events === null ? '' : `, ${counted(events, 'event')}`;
    return `${version === current ? '*' : ' '} ${version}  ${created_by}${counts}  ${why}`.trimEnd();
  });
  return `${lines.join('\n')}\n`;
}

async function show({ database, stateDir, version }: Asked): Promise<string> {
  const known = await findModel(database.pool, version);
  if (known === undefined && version !== shippedVersion)
    throw new CerberusError('NOT_FOUND', `There is no model version ${version}; \`cerberus models list\` names them.`);
  const folder = await openModelFolder(database.pool, stateDir, version);
  const compared = (known?.comparisons ?? []).map(
    ({ figure, current, candidate, difference: [low, high], margin, items, groups, passed }) =>
      `${passed ? 'not worse' : 'WORSE'}  ${figure}: ${round(current)} before, ${round(candidate)} now; difference ` +
      `${round(low)} to ${round(high)}, at least -${margin} wanted (${items} items in ${groups} groups)`,
  );
  const cards = readCards(folder).map(({ card }) => cardText(card));
  return `${[...compared, ...cards].join('\n')}\n`;
}

async function take({ database, version }: Asked): Promise<string> {
  await promote(database, version, by);
  return `${version} is in use. Running engines take it within five seconds.\n`;
}

async function goBack({ database }: Asked): Promise<string> {
  return `${await rollBack(database, by)} is in use again.\n`;
}

async function reassess({ database, flags }: Asked): Promise<string> {
  const nowMs = Date.now();
  const fromId = eventIdFloor(nowMs - (flags.days ?? 1) * dayMs);
  await startReassessment(database.pool, { cause: 'asked', fromId, toId: eventIdFloor(nowMs), by });
  return 'It is queued; a running engine does it, and GET /api/models shows how far it is.\n';
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function toDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 36_500) return days;
  throw new InvalidArgumentError('Expected a whole number of days from 1.');
}
