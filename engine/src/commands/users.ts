import { UserName, type UserRecord, UserRole } from '@cerberusmesh/contract/api-users';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { Command, InvalidArgumentError, Option } from 'commander';
import { withDatabase } from '../compose/open-for-command.ts';
import type { Config, ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import type { Database } from '../store/database.ts';
import { createUserLinks } from '../store/user-links.ts';
import { createUsers } from '../store/users.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

const actor = 'command-line';
const linkHours = 72;

export type OpenUsers = (flags: ConfigFlags, work: (parts: UserParts) => Promise<void>) => Promise<void>;

export interface UserParts {
  readonly database: Database;
  /** Under which people reach the page. */
  readonly publicUrl: string;
}

/** `cerberus users`: who may sign in on the page. */
export function usersCommand(io: CommandIo, open: OpenUsers = openConfigured(io)): Command {
  const command = new Command('users').description('who may sign in: list, add, reset, disable, enable');

  addConfigOptions(command.command('list'))
    .description('who may sign in, as what, and when he last did')
    .option('--json', 'one JSON object per line')
    .action(async (flags: ConfigFlags & { json?: boolean }) => {
      await open(flags, async ({ database }) => {
        const records = await createUsers({ database, clock: systemClock }).list();
        for (const record of records) io.stdout.write(`${flags.json ? JSON.stringify(record) : toLine(record)}\n`);
      });
    });

  addConfigOptions(command.command('add'))
    .argument('<name>', 'how he signs in, and how the audit log calls him', parseName)
    .description('somebody more; prints a link, good once and for three days, by which he chooses his password')
    .addOption(new Option('--role <role>', 'what he may do').choices(UserRole.options).default('viewer'))
    .action(async (name: string, flags: ConfigFlags & { role: string }) => {
      await open(flags, async (parts) => {
        const role = UserRole.parse(flags.role);
        await createUsers({ ...parts, clock: systemClock }).create({ name, role, voucher: null }, actor);
        await printLink(name, parts);
      });
    });

  addConfigOptions(command.command('reset'))
    .argument('<name>', 'who lost password or authenticator', parseName)
    .description(
      'take the authenticator away, sign him out when he has chosen another password, and print a link for that',
    )
    .action(async (name: string, flags: ConfigFlags) => {
      await open(flags, async (parts) => await printLink(name, parts));
    });

  for (const disabled of [true, false]) {
    addConfigOptions(command.command(disabled ? 'disable' : 'enable'))
      .argument('<name>', 'who', parseName)
      .description(disabled ? 'keep somebody out, and sign him out everywhere, at once' : 'let somebody in again')
      .action(async (name: string, flags: ConfigFlags) => {
        await open(flags, async ({ database }) => {
          const users = createUsers({ database, clock: systemClock });
          if ((await users.change(name, { disabled }, actor)) === undefined) throw unknownUser(name);
        });
      });
  }

  return command;

  async function printLink(name: string, { database, publicUrl }: UserParts): Promise<void> {
    const users = createUsers({ database, clock: systemClock });
    const user = await users.find(name);
    if (user === undefined) throw unknownUser(name);
    if (user.totpSealed !== null) await users.dropTotp(user, actor);
    const { token } = await createUserLinks({ database, clock: systemClock }).make(user, linkHours, actor);
    io.stdout.write(`${publicUrl.replace(/\/+$/, '')}/#/welcome/${token}\n`);
  }
}

function openConfigured(io: CommandIo): OpenUsers {
  return async function openUsers(flags, work) {
    const config = readCommandConfig(flags);
    await withDatabase({ config, stderr: io.stderr, role: 'users' }, (database) =>
      work({ database, publicUrl: publicUrlOf(config) }),
    );
  };
}

function publicUrlOf({ http }: Config): string {
  return http.publicUrl ?? `http://${http.host.includes(':') ? `[${http.host}]` : http.host}:${http.port}`;
}

function unknownUser(name: string): CerberusError {
  return new CerberusError('NOT_FOUND', `There is no user ${name}.`);
}

function parseName(text: string): string {
  const name = UserName.safeParse(text);
  if (name.success) return name.data;
  throw new InvalidArgumentError(name.error.issues.map(({ message }) => message).join('; '));
}

function toLine({ name, role, state, second_factor, single_sign_on, last_sign_in_at }: UserRecord): string {
  const how = single_sign_on ?? (second_factor ? 'password and code' : 'password');
  return [name.padEnd(24), role.padEnd(8), state.padEnd(8), how, last_sign_in_at ?? 'never signed in'].join('  ');
}
