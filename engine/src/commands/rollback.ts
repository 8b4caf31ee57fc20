import { CerberusError } from '@cerberusmesh/contract/errors';
import { Command } from 'commander';
import { composeAct } from '../compose/act-on-cowrie.ts';
import { openInstallKey } from '../compose/install-key.ts';
import { withDatabase } from '../compose/open-for-command.ts';
import type { ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { appendAudit } from '../store/audit.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

/** `cerberus rollback ID`: takes an adaptation back; where somebody else changed the file since, it says so and touches nothing. */
export function rollbackCommand(io: CommandIo): Command {
  return addConfigOptions(new Command('rollback'))
    .description('take an adaptation back, byte for byte')
    .argument('<id>', 'as GET /api/adaptations shows it')
    .action(async (id: string, flags: ConfigFlags) => {
      const config = readCommandConfig(flags);
      const say = (_fields: object, sentence: string) => io.stderr.write(`${sentence}\n`);
      await withDatabase({ config, stderr: io.stderr, role: 'rollback' }, async (database) => {
        const installKey = await openInstallKey(config.state.dir);
        const { adaptations } = composeAct({
          config,
          database,
          installKey,
          clock: systemClock,
          log: { info: () => undefined, warn: say },
          ended: () => undefined,
          // Nothing is read here, so nothing is known of the log, and nothing is restarted.
          unreadBytes: () => null,
        });
        const outcome = await adaptations.rollback(id);
        if (outcome.kind === 'not_found') throw new CerberusError('NOT_FOUND', `No adaptation has the id ${id}.`);
        if (outcome.kind === 'refused') throw new CerberusError('CONFLICT', outcome.explanation);
        await appendAudit(database.pool, {
          actor: 'command line',
          action: 'adaptation.rollback',
          subject: id,
          details: {},
        });
        io.stdout.write('Taken back.\n');
      });
    });
}
