import { CerberusError } from '@cerberusmesh/contract/errors';
import { defaultSettings } from '@cerberusmesh/contract/settings';
import { Argument, Command } from 'commander';
import { withDatabase } from '../compose/open-for-command.ts';
import type { ConfigFlags } from '../config.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import { printable } from '../kit/printable.ts';
import { createApprovals } from '../store/approvals.ts';
import type { Database } from '../store/database.ts';
import { cancelJobs } from '../store/jobs.ts';
import { openSettings } from '../store/settings.ts';
import { countKept, countStanding, listStanding, type StandingThing } from '../store/standing.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

const waitSeconds = 60;
const namedMax = 5;
const actor = 'command-line';

/**
 * `cerberus kill-switch on`: nothing new is begun from now on. What stands is undone by the running engine, which sees
 * the switch within two seconds; this command waits for that.
 */
export function killSwitchCommand(io: CommandIo, clock: Clock = systemClock): Command {
  return addConfigOptions(new Command('kill-switch'))
    .description('stop all that the engine does by itself, and undo what stands; or let it go on')
    .addArgument(new Argument('<state>').choices(['on', 'off', 'status']))
    .action(async (state: 'on' | 'off' | 'status', flags: ConfigFlags) => {
      const config = readCommandConfig(flags);
      await withDatabase({ config, stderr: io.stderr, role: 'kill-switch' }, async (database) => {
        const configured = { ...defaultSettings, CERBERUS_KILL_SWITCH: config.agent.killSwitch };
        const settings = await openSettings({ database, configured });
        if (state !== 'status') await settings.update({ CERBERUS_KILL_SWITCH: state === 'on' }, actor);
        if (state === 'on') await stopAll(database, clock);
        const standing = state === 'on' ? await waitUntilUndone(database, clock) : await countStanding(database.pool);
        const isOn = settings.current().CERBERUS_KILL_SWITCH;
        io.stdout.write(`The kill switch is ${isOn ? 'on' : 'off'}; ${standing} adaptations and actions stand.\n`);
        const kept = await countKept(database.pool);
        if (kept > 0) io.stdout.write(`${kept} more stay in the worlds of their attackers, who may have seen them.\n`);
        if (state === 'on' && standing > 0) {
          const things = await listStanding(database.pool, namedMax);
          throw new CerberusError('CONFLICT', explainStanding(standing, things));
        }
      });
    });
}

async function stopAll(database: Database, clock: Clock): Promise<void> {
  await createApprovals({ database, now: () => clock.now() }).cancelAll(actor);
  await cancelJobs(database.pool, ['act', 'action'], 'The kill switch was turned on.');
}

async function waitUntilUndone(database: Database, clock: Clock): Promise<number> {
  const deadlineMs = clock.now().getTime() + waitSeconds * 1000;
  for (;;) {
    const standing = await countStanding(database.pool);
    if (standing === 0 || clock.now().getTime() >= deadlineMs) return standing;
    await clock.sleep(500);
  }
}

function explainStanding(standing: number, things: readonly StandingThing[]): string {
  const named = things.map(({ type, what, place, undoError }) => {
    const why = undoError ?? 'no engine has tried to take it back; is one running (cerberus up)?';
    return `${type} ${what} at ${printable(place)}: ${printable(why)}`;
  });
  return `${standing} still stand after ${waitSeconds} s; the running engine goes on trying. ${named.join(' ')}`;
}
