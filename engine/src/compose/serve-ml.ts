import { join } from 'node:path';
import { assessBatch } from '../assess/assess-batch.ts';
import { loadAssess } from '../assess/load-assess.ts';
import { loadTellingWords } from '../assess/telling-words.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { createNormalize } from '../normalize/normalize.ts';
import { createMlServer } from '../serve/ml/ml-server.ts';
import { createClassify } from './classify-event.ts';
import { projectDir, version } from './project.ts';

export interface ServedMl {
  readonly url: string;
  close(): Promise<void>;
}

/** `cerberus ml`: the assess stage behind HTTP. */
export async function serveMl(options: {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<ServedMl> {
  const { config, clock, log } = options;
  const folders = { modelsFolder: join(projectDir, 'models'), policyFolder: join(projectDir, 'policy') };
  const assess = loadAssess(folders);
  const { host, port, token } = config.ml;
  const api = await createMlServer({
    host,
    allowedHosts: config.http.allowedHosts,
    token,
    version,
    modelVersion: () => 'shipped',
    classify: createClassify({ normalize: createNormalize(), assess, tellingWords: loadTellingWords(folders) }),
    assessBatch: (request) =>
      assessBatch(request, assess, (eventId, error) =>
        log.error({ err: error, event: eventId }, 'An event could not be assessed.'),
      ),
    clock,
    log,
  });
  return { url: await api.listen({ host, port }), close: () => api.close() };
}
