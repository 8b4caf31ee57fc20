import type { Writable } from 'node:stream';
import type { TrainingRecord } from '@cerberusmesh/contract/models';
import type { Config } from '../../config.ts';
import { systemClock } from '../../kit/clock.ts';
import { type OpenDatabase, openConfiguredDatabase } from '../open-database.ts';
import { createTrainer, type Trainer } from './trainer.ts';

/** A trainer for a command: on the configured database, which `close` closes. */
export async function openTraining(options: {
  readonly config: Config;
  readonly stderr: Writable;
  readonly changed: (training: TrainingRecord) => void;
}): Promise<{ readonly trainer: Trainer; readonly database: OpenDatabase; close(): Promise<void> }> {
  const { config, stderr, changed } = options;
  const say = (_fields: object, sentence: string) => stderr.write(`${sentence}\n`);
  const log = { info: say, warn: say };
  const database = await openConfiguredDatabase({ config, clock: systemClock, log, role: 'train' });
  const trainer = createTrainer({
    ...{ database, changed },
    stateDir: config.state.dir,
    timeZone: config.cowrie.timezone,
    clock: systemClock,
    promoted: () => undefined,
  });
  return {
    trainer,
    database,
    async close() {
      await trainer.close();
      await database.close();
    },
  };
}
