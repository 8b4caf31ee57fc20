import { join } from 'node:path';
import type { DryRunReport } from '@cerberusmesh/contract/api-policy';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Policy } from '@cerberusmesh/contract/policy';
import { Command } from 'commander';
import { readPersonas } from '../act/cowrie/persona/description.ts';
import { readAttackTypes } from '../assess/attack-type.ts';
import { policyFileOf, readPolicyFile } from '../compose/compose-decide.ts';
import { withDatabase } from '../compose/open-for-command.ts';
import { createPolicyDesk } from '../compose/policy-desk.ts';
import { projectDir } from '../compose/project.ts';
import type { ConfigFlags } from '../config.ts';
import { describeUnknown } from '../decide/policy-fault.ts';
import { systemClock } from '../kit/clock.ts';
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
      const { version, policy } = await readPolicyFile(file);
      await refuseUnknownMachines(policy, file);
      refuseUnknownAttackTypes(policy, file);
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

/** A Cowrie prepared by another version may know others, so only this check refuses them. @throws CerberusError BAD_POLICY */
async function refuseUnknownMachines({ rules }: Policy, file: string): Promise<void> {
  const known = (await readPersonas()).map(({ id }) => id);
  const faults = rules.flatMap(({ id, parameters: { persona } }) =>
    typeof persona === 'string' && !known.includes(persona)
      ? [`${file}: rule "${id}" names the machine "${persona}", and policy/cowrie-personas has ${known.join(', ')}.`]
      : [],
  );
  if (faults.length > 0) throw new CerberusError('BAD_POLICY', faults.join('\n'));
}

/** A model of one's own may say others, so only this check refuses them. @throws CerberusError BAD_POLICY */
function refuseUnknownAttackTypes({ rules, analyseWhen }: Policy, file: string): void {
  const known = readAttackTypes(join(projectDir, 'models', 'attack-type.json'));
  const conditions = [
    ...rules.map(({ id, when }) => ({ where: `rule "${id}"`, when })),
    ...analyseWhen.map((when, place) => ({ where: `analyseWhen[${place}]`, when })),
  ];
  const faults = conditions.flatMap(({ where, when }) =>
    (when.attackTypesAny ?? [])
      .filter((type) => !known.includes(type))
      .map((type) => `${file}: ${where} names an attack type that nothing is called: ${describeUnknown(type, known)}`),
  );
  if (faults.length > 0) throw new CerberusError('BAD_POLICY', faults.join('\n'));
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
    `${sessions} sessions from ${from} to ${to}, decided on again by policy ${version}:`,
    `  done then:           ${counts(recorded)}`,
    `  would have been:     ${counts(would)}`,
    `  kept from by guards: ${counts(kept_from)}`,
    `${sessions_changed} sessions would have gone otherwise${shownOf(sessions_changed)}`,
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
