import type { DryRunReport } from '@cerberusmesh/contract/api-policy';
import { Command } from 'commander';
import { policyFileOf, readPolicyFile } from '../compose/compose-decide.ts';
import { readKnownNames } from '../compose/known-names.ts';
import { withDatabase } from '../compose/open-for-command.ts';
import { createPolicyDesk } from '../compose/policy-desk.ts';
import type { ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { counted } from '../kit/counted.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';
import { tellPolicy } from './tell-policy.ts';

interface DryRunFlags extends ConfigFlags {
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

/** `cerberus policy`: the rules as data, before they are in force. */
export function policyCommand(io: CommandIo): Command {
  const command = new Command('policy').description('check a decision policy, or ask it about the past');

  command
    .command('check')
    .argument('<file>')
    .description('find every fault, with its place and what was expected; exit 0 only where there is none')
    .addHelpText('after', '\nWhere there is none it says what each rule would do, and what that needs.')
    .action(async (file: string) => {
      const { version, policy } = await readPolicyFile(file, await readKnownNames());
      io.stdout.write(`${file} is sound: ${policy.rules.length} rules, version ${version}.\n${tellPolicy(policy)}`);
    });

  addConfigOptions(command.command('dry-run'))
    .argument('[file]', 'without it the policy in force')
    .description('what it would have decided on what was recorded; changes nothing')
    .option('--from <moment>', 'such as 2026-11-15 or 2026-11-15T08:00:00Z; a week ago')
    .option('--to <moment>', 'now')
    .option('--json', 'the report as JSON')
    .action(async (file: string | undefined, { json, from, to, ...flags }: DryRunFlags) => {
      const config = readCommandConfig(flags);
      const policy = await readPolicyFile(file ?? policyFileOf(config));
      const period = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      await withDatabase({ config, stderr: io.stderr, role: 'policy' }, async (database) => {
        const desk = createPolicyDesk({ database, now: () => systemClock.now() });
        const report = await desk.dryRun(period, policy);
        io.stdout.write(json === true ? `${JSON.stringify(report)}\n` : tell(report));
      });
    });

  return command;
}

function tell({
  version,
  from,
  to,
  sessions,
  recorded,
  would,
  kept_from,
  sessions_changed,
  changes,
}: DryRunReport): string {
  return [
    `${counted(sessions, 'session')} from ${from} to ${to}, decided on again by policy ${version}:`,
    `  done then:           ${counts(recorded)}`,
    `  would have been:     ${counts(would)}`,
    `  kept from by guards: ${counts(kept_from)}`,
    `${counted(sessions_changed, 'session')} would have gone otherwise${shownOf(sessions_changed)}`,
    ...changes
      .slice(0, shownMax)
      .map(
        ({ at, sensor, session_id, recorded: was, would: now }) =>
          `  ${at} ${sensor} ${session_id}: ${list(was)} → ${list(now)}`,
      ),
    '',
  ].join('\n');
}

const shownMax = 20;

function shownOf(changed: number): string {
  if (changed === 0) return '.';
  return changed > shownMax ? `; the first ${shownMax}:` : ':';
}

function counts(given: Readonly<Record<string, number>>): string {
  return list(Object.entries(given).map(([kind, count]) => `${count} ${kind}`));
}

function list(words: readonly string[]): string {
  return words.length === 0 ? 'nothing' : words.join(', ');
}
