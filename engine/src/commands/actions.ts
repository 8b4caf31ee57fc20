import { ActionKind, ActionStatus } from '@cerberusmesh/contract/action';
import { ActionOrder } from '@cerberusmesh/contract/api-actions';
import { AdaptationStatus } from '@cerberusmesh/contract/decision';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { defaultSettings } from '@cerberusmesh/contract/settings';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { actionDeclarations } from '../compose/action-declarations.ts';
import { withDatabase } from '../compose/open-for-command.ts';
import type { ConfigFlags } from '../config.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import { auditOf, checkOrder, requestOf } from '../serve/routes/actions.ts';
import { endAction, queueAction } from '../store/actions.ts';
import { appendAudit } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { createReader } from '../store/read/reader.ts';
import { openSettings } from '../store/settings.ts';
import type { CommandIo } from './command-io.ts';
import { createFindActions, type FindActions } from './find-actions.ts';
import { addConfigOptions, addDryRunOption, readCommandConfig } from './shared-options.ts';
import { lineOf, tellKind, tellOne, toLine } from './tell-action.ts';

const actor = 'command-line';

/** `cerberus actions`: what can be done and what was, from the actions' own declarations and their tables. */
export function actionsCommand(io: CommandIo, clock: Clock = systemClock): Command {
  const command = new Command('actions')
    .description('list, explain, request and undo actions')
    .addHelpText('after', `\nActions:\n${actionDeclarations.map(lineOf).join('\n')}`);
  const withActions = async (flags: ConfigFlags, work: (database: Database, find: FindActions) => Promise<void>) => {
    const config = readCommandConfig(flags);
    await withDatabase({ config, stderr: io.stderr, role: 'actions' }, async (database) => {
      await work(database, createFindActions(createReader(database.pool), clock));
    });
  };

  addConfigOptions(command.command('list'))
    .description('what was done, newest first')
    .addOption(new Option('--kind <kind>', 'only these').choices(ActionKind.options))
    .addOption(new Option('--status <status>', 'only these').choices(statuses))
    .option('--limit <n>', 'how many', parseLimit, 50)
    .option('--json', 'one JSON object per line')
    .action(async ({ kind, status, limit, json, ...flags }: ListOptions) => {
      await withActions(flags, async (_database, find) => {
        for (const told of await find.list({ kind, status, limit })) {
          io.stdout.write(`${json === true ? JSON.stringify(told) : toLine(told)}\n`);
        }
      });
    });

  addConfigOptions(command.command('explain'))
    .description('what a kind of action does, needs and takes; or what became of one')
    .argument('<kind or id>')
    .action(async (kindOrId: string, flags: ConfigFlags) => {
      const declaration = actionDeclarations.find(({ kind }) => kind === kindOrId);
      if (declaration) return void io.stdout.write(tellKind(declaration));
      await withActions(flags, async (_database, find) => {
        io.stdout.write(tellOne(await find.get(kindOrId)));
      });
    });

  addDryRunOption(addConfigOptions(command.command('request')))
    .description('ask for one; the running engine carries it out')
    .addArgument(new Argument('<kind>').choices(actionDeclarations.map(({ kind }) => kind)))
    .requiredOption('--reason <text>', 'why; it is in the audit log')
    .option('--parameters <json>', 'as `cerberus actions explain KIND` says', parseJson, {})
    .action(async (kind: string, { reason, parameters, ...flags }: RequestOptions) => {
      const { dryRun, killSwitch } = readCommandConfig(flags).agent;
      const order = parseOrder({ kind, reason, parameters, dry_run: dryRun });
      checkOrder(order, actionDeclarations);
      await withActions(flags, async (database, find) => {
        if (order.kind !== 'escalate') await refuseWhereStopped(database, killSwitch);
        const request = requestOf(order, actor);
        const { causeId } = request.cause;
        await appendAudit(database.pool, auditOf(request));
        await queueAction(database.pool, request);
        const later = 'the engine carries it out, and `cerberus actions list` shows it then.';
        if (!dryRun) return void io.stdout.write(`Asked for, as ${causeId}; ${later}\n`);
        for (const told of await find.untilTold(causeId)) io.stdout.write(tellOne(told));
      });
    });

  addConfigOptions(command.command('undo'))
    .description('take a standing action back; the running engine does it, and this waits for that')
    .argument('<id>')
    .action(async (id: string, flags: ConfigFlags) => {
      await withActions(flags, async (database, find) => {
        const { kind } = await find.get(id);
        const declaration = actionDeclarations.find((one) => one.kind === kind);
        if (!declaration?.reversible) throw new CerberusError('CONFLICT', `It is not taken back: ${declaration?.undo}`);
        if (!(await endAction(database.pool, id, clock.now()))) {
          const { status } = await find.get(id);
          throw new CerberusError('CONFLICT', whyNotEnded(status));
        }
        await appendAudit(database.pool, { actor, action: 'action.undo', subject: id, details: { reason: null } });
        io.stdout.write(`${toLine(await find.untilUndone(id))}\n`);
      });
    });

  return command;
}

const statuses = [...new Set([...ActionStatus.options, ...AdaptationStatus.options])];

interface ListOptions extends ConfigFlags {
  readonly kind?: string;
  readonly status?: string;
  readonly limit: number;
  readonly json?: boolean;
}

interface RequestOptions extends ConfigFlags {
  readonly reason: string;
  readonly parameters: Record<string, unknown>;
}

function whyNotEnded(status: string): string {
  return status === 'applied' || status === 'verified'
    ? 'It lies in the world of its attacker alone, who may have seen it, so it is not taken back.'
    : `It is ${status}, so there is nothing to take back.`;
}

async function refuseWhereStopped(database: Database, configured: boolean): Promise<void> {
  const settings = await openSettings({
    database,
    configured: { ...defaultSettings, CERBERUS_KILL_SWITCH: configured },
  });
  if (settings.current().CERBERUS_KILL_SWITCH) {
    const fix = 'turn it off with `cerberus kill-switch off` first';
    throw new CerberusError('CONFLICT', `The kill switch is on. Nothing is begun by hand either; ${fix}.`);
  }
}

/** @throws CerberusError VALIDATION_FAILED */
function parseOrder(given: unknown): ActionOrder {
  const parsed = ActionOrder.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new CerberusError('VALIDATION_FAILED', faults.join('; '));
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw new InvalidArgumentError('expected 1 to 1000');
  return limit;
}

function parseJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told below, like what is JSON and no object.
  }
  throw new InvalidArgumentError('expected a JSON object such as {"address": "198.51.100.7"}');
}
