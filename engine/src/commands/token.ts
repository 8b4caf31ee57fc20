import { Role, Scope, type TokenRecord } from '@cerberusmesh/contract/api-tokens';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { SensorName } from '@cerberusmesh/contract/mesh';
import { Command, InvalidArgumentError, Option } from 'commander';
import { openForCommand } from '../compose/open-for-command.ts';
import type { ConfigFlags } from '../config.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import { printable } from '../kit/printable.ts';
import { createTokens, type Tokens } from '../store/tokens.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

const actor = 'command-line';
const dayMs = 86_400_000;
const nameCharactersMax = 100;

export type OpenTokens = (flags: ConfigFlags) => Promise<{ readonly tokens: Tokens; close(): Promise<void> }>;

/** `cerberus token`: make, list and revoke the tokens of the API. */
export function tokenCommand(
  io: CommandIo,
  open: OpenTokens = openConfiguredTokens(io),
  clock: Clock = systemClock,
): Command {
  const command = new Command('token').description('make, list and revoke API tokens');

  addConfigOptions(command.command('create'))
    .argument('<name>', 'what it is for, as lists and the audit log show it', parseName)
    .description('make a token and print it, this once: only its hash is kept')
    .addOption(new Option('--role <role>', 'what it may do').choices(Role.options).default('viewer'))
    .option(
      '--sensor <name>',
      "bind a token of the role sensor: what it pushes is this sensor's, whatever the lines say",
    )
    .option('--days <days>', 'how long it is good; without it until it is revoked', parseDays)
    .addOption(new Option('--scope <parts...>', 'only these parts of the API').choices(Scope.options))
    .action(
      async (
        name: string,
        options: ConfigFlags & { role: string; sensor?: string; days?: number; scope?: string[] },
      ) => {
        const expiresAt = options.days === undefined ? null : new Date(clock.now().getTime() + options.days * dayMs);
        await withTokens(options, async (tokens) => {
          const { secret } = await tokens.create(
            { name, role: Role.parse(options.role), expiresAt, ...scopesOf(options), ...sensorOf(options) },
            actor,
          );
          io.stdout.write(`${secret}\n`);
        });
      },
    );

  addConfigOptions(command.command('list'))
    .description('list all tokens, newest first; the secrets are not kept and cannot be shown')
    .option('--json', 'one JSON object per line')
    .action(async (options: ConfigFlags & { json?: boolean }) => {
      await withTokens(options, async (tokens) => {
        const records = await tokens.list();
        const write = options.json === true ? toJson : (record: TokenRecord) => toLine(record, clock.now());
        for (const record of records) io.stdout.write(`${write(record)}\n`);
      });
    });

  addConfigOptions(command.command('revoke'))
    .argument('<id or name>', 'a name revokes all tokens that bear it')
    .description('make a token worthless, at once; open live connections end within half a minute')
    .action(async (idOrName: string, options: ConfigFlags) => {
      await withTokens(options, async (tokens) => {
        const revoked = await tokens.revoke(idOrName, actor);
        if (revoked === 0) {
          throw new CerberusError('NOT_FOUND', `No valid token has the id or name ${JSON.stringify(idOrName)}.`);
        }
        io.stdout.write(`Revoked: ${revoked}\n`);
      });
    });

  return command;

  async function withTokens(flags: ConfigFlags, work: (tokens: Tokens) => Promise<void>): Promise<void> {
    const { tokens, close } = await open(flags);
    try {
      await work(tokens);
    } finally {
      await close();
    }
  }
}

/** The configured or embedded database, as the other commands open it. */
function openConfiguredTokens(io: CommandIo): OpenTokens {
  return async function openTokens(flags) {
    const config = readCommandConfig(flags);
    const database = await openForCommand({ config, stderr: io.stderr, role: 'token' });
    return { tokens: createTokens({ database, clock: systemClock }), close: () => database.close() };
  };
}

function sensorOf({ role, sensor }: { readonly role: string; readonly sensor?: string }): { readonly sensor?: string } {
  if (sensor === undefined) return {};
  const named = SensorName.safeParse(sensor);
  if (role === 'sensor' && named.success) return { sensor: named.data };
  const expected = '--sensor goes with --role sensor, and is 1 to 63 of a-z 0-9 . _ -';
  throw new CerberusError(
    'VALIDATION_FAILED',
    `Expected that ${expected}, came ${JSON.stringify(sensor.slice(0, 80))}.`,
  );
}

function scopesOf({ scope }: { readonly scope?: readonly string[] }): { readonly scopes?: Scope[] } {
  return scope === undefined ? {} : { scopes: scope.map((part) => Scope.parse(part)) };
}

function parseName(text: string): string {
  const name = text.trim();
  if (name.length > 0 && name.length <= nameCharactersMax && printable(name) === name) return name;
  throw new InvalidArgumentError(`Expected 1 to ${nameCharactersMax} printable characters.`);
}

function parseDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 3650) return days;
  throw new InvalidArgumentError('Expected whole days from 1 to 3650.');
}

function toLine(record: TokenRecord, now: Date): string {
  const used = record.last_used_at === null ? 'never used' : `last used ${record.last_used_at}`;
  return [record.id, record.role.padEnd(8), stateOf(record, now).padEnd(7), printable(record.name), used].join('  ');
}

function stateOf({ revoked_at, expires_at }: TokenRecord, now: Date): 'valid' | 'revoked' | 'expired' {
  if (revoked_at !== null) return 'revoked';
  return expires_at !== null && Date.parse(expires_at) <= now.getTime() ? 'expired' : 'valid';
}

function toJson(record: TokenRecord): string {
  return JSON.stringify(record);
}
