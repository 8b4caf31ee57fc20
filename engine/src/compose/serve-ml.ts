import { CerberusError } from '@cerberusmesh/contract/errors';
import { assessBatch } from '../assess/assess-batch.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { createNormalize } from '../normalize/normalize.ts';
import { createMlServer, type MlTraining } from '../serve/ml/ml-server.ts';
import { listTrainings } from '../store/learning/trainings.ts';
import { createClassify } from './classify-event.ts';
import { createCurrentModels, loadShippedModels } from './learning/current-models.ts';
import { createTrainer } from './learning/trainer.ts';
import { openConfiguredDatabase } from './open-database.ts';
import { version } from './project.ts';

export interface ServedMl {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * `cerberus ml`: the assess stage behind HTTP. It answers from its start, with the shipped models; as soon as the database
 * is there, with the version in use, and trains.
 */
export async function serveMl(options: {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly withDatabase: boolean;
}): Promise<ServedMl> {
  const { config, clock, log, withDatabase } = options;
  const closing = new AbortController();
  let models = loadShippedModels();
  let training: MlTraining | undefined;
  const { host, port, token } = config.ml;
  const api = await createMlServer({
    host,
    allowedHosts: config.http.allowedHosts,
    token,
    version,
    modelVersion: () => models.version(),
    classify: createClassify({
      normalize: createNormalize(),
      assess: (event, session) => models.assess(event, session),
      tellingWords: (text) => models.tellingWords(text),
    }),
    assessBatch: (request) =>
      assessBatch(request, models.assess, (eventId, error) =>
        log.error({ err: error, event: eventId }, 'An event could not be assessed.'),
      ),
    training: () => training ?? refuseTraining(withDatabase),
    clock,
    log,
  });
  const url = await api.listen({ host, port });
  const learning = withDatabase ? learn() : Promise.resolve();
  learning.catch((error: unknown) =>
    log.warn({ err: error }, 'There is no database: the shipped models go on, and nothing can be trained.'),
  );

  return {
    url,
    async close() {
      closing.abort();
      await api.close();
      await learning.catch(() => undefined);
    },
  };

  /** Follows the version in use and takes orders to train, until it is closed. */
  async function learn(): Promise<void> {
    const { signal } = closing;
    const database = await openConfiguredDatabase({ config, clock, log, role: 'ml', signal });
    const { pool } = database;
    const stateDir = config.state.dir;
    const current = createCurrentModels({ pool, stateDir, clock, log });
    const trainer = createTrainer({
      ...{ database, stateDir, clock },
      timeZone: config.cowrie.timezone,
      changed: () => undefined,
      promoted: () => void current.refresh().catch(() => undefined),
    });
    try {
      await current.refresh();
      models = current;
      training = {
        start: async ({ days, promote }) =>
          (await trainer.start({ days: days ?? null, promote, by: 'ml service' })).started,
        list: () => listTrainings(pool, 20),
      };
      await current.run(signal);
    } finally {
      await trainer.close();
      await database.close();
    }
  }
}

function refuseTraining(withDatabase: boolean): never {
  if (withDatabase) throw new CerberusError('DATABASE_AWAY', 'The ML service has not reached its database yet.');
  throw new CerberusError(
    'CONFLICT',
    'This ML service was started with --no-database, so it has no events to train on.',
  );
}
