import { randomUUID } from 'node:crypto';
import { type ActionDeclaration, ActionKind, ActionStatus } from '@cerberusmesh/contract/action';
import { ActionOrder, type ActionRecord } from '@cerberusmesh/contract/api-actions';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { defaultSettings } from '@cerberusmesh/contract/settings';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { actionDeclarations } from '../compose/action-declarations.ts';
import { withDatabase } from '../compose/open-for-command.ts';
import type { ConfigFlags } from '../config.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import { printable } from '../kit/printable.ts';
import { checkOrder, describeAction } from '../serve/routes/actions.ts';
import { endAction, queueAction } from '../store/actions.ts';
import { appendAudit } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { createActionReads } from '../store/read/actions.ts';
import { createReader } from '../store/read/reader.ts';
import { openSettings } from '../store/settings.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

const actor = 'command-line';
const waitSeconds = 60;

/** `cerberus actions`: what can be done and what was, from the actions' own declarations and their table. */
export function actionsCommand(io: CommandIo, clock: Clock = systemClock): Command {
  const command = new Command('actions')
    .description('list, explain, request and undo actions')
    .addHelpText('after', `\nActions:\n${actionDeclarations.map(lineOf).join('\n')}`);
  const withReads = async (flags: ConfigFlags, work: (database: Database, reads: Reads) => Promise<void>) => {
    const config = readCommandConfig(flags);
    await withDatabase({ config, stderr: io.stderr, role: 'actions' }, async (database) => {
      await work(database, createActionReads(createReader(database.pool)));
    });
  };

  addConfigOptions(command.command('list'))
    .description('what was done, newest first')
    .addOption(new Option('--kind <kind>', 'only these').choices(ActionKind.options))
    .addOption(new Option('--status <status>', 'only these').choices(ActionStatus.options))
    .option('--limit <n>', 'how many', parseLimit, 50)
    .option('--json', 'one JSON object per line')
    .action(async ({ kind, status, limit, json, ...flags }: ListOptions) => {
      await withReads(flags, async (_database, reads) => {
        const { data } = await reads.listActions({ ...(kind && { kind }), ...(status && { status }), limit });
        for (const record of data) io.stdout.write(`${json === true ? JSON.stringify(record) : toLine(record)}\n`);
      });
    });

  addConfigOptions(command.command('explain'))
    .description('what a kind of action does, needs and takes; or what became of one')
    .argument('<kind or id>')
    .action(async (kindOrId: string, flags: ConfigFlags) => {
      const declaration = actionDeclarations.find(({ kind }) => kind === kindOrId);
      if (declaration) return void io.stdout.write(tellKind(declaration));
      await withReads(
        flags,
        async (_database, reads) => void io.stdout.write(tellOne(await getAction(reads, kindOrId))),
      );
    });

  addConfigOptions(command.command('request'))
    .description('ask for one; the running engine carries it out')
    .addArgument(new Argument('<kind>').choices(actionDeclarations.map(({ kind }) => kind)))
    .requiredOption('--reason <text>', 'why; it is in the audit log')
    .option('--parameters <json>', 'as `cerberus actions explain KIND` says', parseJson, {})
    .action(async (kind: string, { reason, parameters, ...flags }: RequestOptions) => {
      await withReads(flags, async (database) => {
        const order = ActionOrder.parse({ kind, reason, parameters });
        checkOrder(order, actionDeclarations);
        await refuseWhereStopped(database, readCommandConfig(flags).agent.killSwitch);
        const causeId = randomUUID();
        const about = { severity: 'LOW' as const, sensor: null, sessionId: null, sourceIp: null };
        const cause = { causeId, decisionId: null, requestedBy: actor, reason, ...about };
        await appendAudit(database.pool, {
          actor,
          action: 'action.order',
          subject: kind,
          details: { causeId, reason },
        });
        await queueAction(database.pool, {
          kind: order.kind,
          parameters: order.parameters,
          lifetimeSeconds: null,
          cause,
        });
        io.stdout.write(
          `Asked for, as ${causeId}; the engine carries it out, and \`cerberus actions list\` shows it then.\n`,
        );
      });
    });

  addConfigOptions(command.command('undo'))
    .description('take a standing action back; the running engine does it, and this waits for that')
    .argument('<id>')
    .action(async (id: string, flags: ConfigFlags) => {
      await withReads(flags, async (database, reads) => {
        const { kind } = await getAction(reads, id);
        const declaration = actionDeclarations.find((one) => one.kind === kind);
        if (!declaration?.reversible) throw new CerberusError('CONFLICT', `It is not taken back: ${declaration?.undo}`);
        if (!(await endAction(database.pool, id, clock.now()))) {
          throw new CerberusError(
            'CONFLICT',
            `It is ${(await getAction(reads, id)).status}, so there is nothing to take back.`,
          );
        }
        await appendAudit(database.pool, { actor, action: 'action.undo', subject: id, details: { reason: null } });
        io.stdout.write(`${toLine(await untilUndone(reads, id, clock))}\n`);
      });
    });

  return command;
}

type Reads = ReturnType<typeof createActionReads>;

interface ListOptions extends ConfigFlags {
  readonly kind?: ActionKind;
  readonly status?: ActionStatus;
  readonly limit: number;
  readonly json?: boolean;
}

interface RequestOptions extends ConfigFlags {
  readonly reason: string;
  readonly parameters: Record<string, unknown>;
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

/** The engine looks for what is over every 15 seconds. */
async function untilUndone(reads: Reads, id: string, clock: Clock): Promise<ActionRecord> {
  const deadlineMs = clock.now().getTime() + waitSeconds * 1000;
  for (;;) {
    const action = await getAction(reads, id);
    if (action.status === 'undone') return action;
    if (clock.now().getTime() >= deadlineMs) {
      const detail = `It is ${action.status} after ${waitSeconds} s. Start the engine (cerberus up): it takes it back first.`;
      throw new CerberusError('CONFLICT', detail);
    }
    await clock.sleep(500);
  }
}

async function getAction(reads: Reads, id: string): Promise<ActionRecord> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
  const action = isId ? await reads.findAction(id) : undefined;
  if (!action)
    throw new CerberusError('NOT_FOUND', `There is no action, and no kind of action, ${JSON.stringify(id)}.`);
  return action;
}

function lineOf({ kind, does }: ActionDeclaration): string {
  return `  ${kind.padEnd(14)}${does}`;
}

function tellKind(declaration: ActionDeclaration): string {
  const { kind, does, needs, parameters, example, undo, deadline_seconds, budget_per_hour } =
    describeAction(declaration);
  return [
    `${kind}: ${does}`,
    ...needs.map((need) => `Needs: ${need}`),
    `Parameters: ${JSON.stringify(parameters['properties'] ?? {})}`,
    `Example: cerberus actions request ${kind} --reason … --parameters '${JSON.stringify(example)}'`,
    `Undone: ${undo}`,
    `At most ${deadline_seconds} seconds, and ${budget_per_hour} in an hour.`,
    '',
  ].join('\n');
}

function tellOne(action: ActionRecord): string {
  const { requested_by, reason, steps, verification, error, undo_error, expires_at } = action;
  const seen = verification === null ? [] : [`Seen: ${JSON.stringify(verification)}`];
  return [
    toLine(action),
    `Asked for by ${requested_by}: ${reason}`,
    ...steps.map(({ at, name, details }) => `${at} ${name} ${JSON.stringify(details)}`),
    ...seen,
    ...(error === null ? [] : [`Error: ${error}`]),
    ...(undo_error === null ? [] : [`Not taken back yet: ${undo_error}`]),
    ...(expires_at === null ? [] : [`Until ${expires_at}`]),
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');
}

function toLine({ id, created_at, kind, target, status, error }: ActionRecord): string {
  return printable([id, created_at, kind, target, status, error ?? ''].join('  ').trimEnd());
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
