import type { Writable } from 'node:stream';
import { createNormalize } from '../normalize/normalize.ts';
import type { Pipeline } from '../pipeline.ts';
import type { WatchedSource } from '../serve/health.ts';
import type { Artifacts } from '../serve/routes/artifacts.ts';
import type { Acting } from './acting.ts';
import { beginAtOnce } from './begin-at-once.ts';
import type { Deciding } from './deciding.ts';
import { offerFirstEntry } from './first-token.ts';
import type { Ground } from './ground.ts';
import type { Learning } from './learning/compose-learning.ts';
import type { ReadSources } from './read-sources.ts';
import { createRetryParked } from './retry-parked.ts';
import { type Served, serveApi } from './serve-api.ts';
import type { Storing } from './storing.ts';
import { composeWhoMay } from './who-may.ts';

export interface Serving extends Served {
  /** Forgets the sessions of people that are over. */
  sweep(): Promise<void>;
}

/** Where people and programs ask: the API, who may come in, and, the first time, how. */
export async function composeServing(
  ground: Ground,
  parts: Deciding &
    Pick<Storing, 'told' | 'analyst'> & {
      readonly acting: Acting;
      readonly learning: Learning;
      readonly pipeline: Pipeline;
      readonly artifacts: Artifacts;
      readonly receiveLines: ReadSources['receiveLines'];
      readonly watched: () => readonly WatchedSource[];
      /** Where the first token is shown, once. */
      readonly stdout: Writable;
    },
): Promise<Serving> {
  const { config, database, clock } = ground;
  const { decider, oversight, allowList, acting, told, analyst, learning, pipeline } = parts;
  const who = composeWhoMay({ ...ground, url: () => served.url });
  const served: Served = await serveApi({
    ...{ ...ground, who: who.whoMay, lookup: who.lookup },
    ...{ adaptations: acting.adaptations, actions: acting.actions.desk, managedKeys: acting.actions.managedKeys },
    ...{ detectability: acting.detectability, channels: acting.channels, readBlocklist: acting.readBlocklist },
    ...{
      oversight: beginAtOnce(oversight.desk, acting.wake),
      policyDesk: oversight.policyDesk,
      policyVersion: decider.policyVersion,
    },
    ...{ reportEffect: decider.effect.report, learning: learning.desk, analyst, modelVersion: told.modelVersion },
    ...{ receiveLines: parts.receiveLines, sensorDesk: acting.mesh.desk, artifacts: parts.artifacts },
    attackerDesk: allowList.desk(async (id) => (await acting.actions.desk.undo(id)).kind === 'undone'),
    retryParked: createRetryParked({
      ...{ database, onLines: pipeline.onLines, now: () => clock.now() },
      normalize: createNormalize({ timeZone: config.cowrie.timezone }),
    }),
    sources: parts.watched,
  });
  await offerFirstEntry({ tokens: ground.tokens, whoMay: who.whoMay }, parts.stdout);
  return { ...served, sweep: who.sweep };
}
