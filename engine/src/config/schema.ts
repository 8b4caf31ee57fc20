import { z } from 'zod';
import { adaptation } from './sections/adaptation.ts';
import { agent } from './sections/agent.ts';
import { artifacts } from './sections/artifacts.ts';
import { aws } from './sections/aws.ts';
import { cloudwatch } from './sections/cloudwatch.ts';
import { cowrie } from './sections/cowrie.ts';
import { database } from './sections/database.ts';
import { decoy } from './sections/decoy.ts';
import { enrichment } from './sections/enrichment.ts';
import { firewall } from './sections/firewall.ts';
import { http } from './sections/http.ts';
import { keys } from './sections/keys.ts';
import { launch } from './sections/launch.ts';
import { listen } from './sections/listen.ts';
import { llm } from './sections/llm.ts';
import { log } from './sections/log.ts';
import { mesh } from './sections/mesh.ts';
import { ml } from './sections/ml.ts';
import { notify } from './sections/notify.ts';
import { oidc } from './sections/oidc.ts';
import { plugins } from './sections/plugins.ts';
import { queue } from './sections/queue.ts';
import { redis } from './sections/redis.ts';
import { reputation } from './sections/reputation.ts';
import { s3 } from './sections/s3.ts';
import { simulate } from './sections/simulate.ts';
import { state } from './sections/state.ts';
import { tracing } from './sections/tracing.ts';

/**
 * Every setting there is, in the order of the example INI. `http.corsOrigin` is `[http] cors_origin` in config.ini; its variable
 * stands in the notes. Names and defaults of the two descriptions are kept; what they do not name starts with CERBERUS_.
 */
export const ConfigSchema = z.strictObject({
  agent,
  adaptation,
  cowrie,
  launch,
  keys,
  decoy,
  http,
  mesh,
  oidc,
  tracing,
  database,
  artifacts,
  enrichment,
  reputation,
  state,
  simulate,
  log,
  llm,
  notify,
  firewall,
  aws,
  cloudwatch,
  s3,
  listen,
  plugins,
  queue,
  redis,
  ml,
});

export type Settings = z.output<typeof ConfigSchema>;
