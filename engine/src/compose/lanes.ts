import type { Pipeline } from '../pipeline.ts';
import type { Acting } from './acting.ts';
import type { composeArtifacts } from './artifacts.ts';
import type { Deciding } from './deciding.ts';
import { runFoldThread } from './fold-thread.ts';
import type { Ground } from './ground.ts';
import { keepHouse } from './housekeeping.ts';
import { keepHistory } from './keep-history.ts';
import type { Knowing } from './knowing.ts';
import type { ReadSources } from './read-sources.ts';
import { composeRetention } from './retention.ts';
import type { Serving } from './serving.ts';
import type { Storing } from './storing.ts';
import type { Streams } from './streams/compose-streams.ts';
import { learnFromOthers } from './streams/learn-from-others.ts';
import { dutiesOf } from './streams/roles.ts';

export interface LaneParts extends Knowing, Deciding, Pick<Storing, 'told' | 'analyst'> {
  readonly acting: Acting;
  readonly pipeline: Pipeline;
  readonly streams: Streams;
  readonly sources: ReadSources;
  readonly artifacts: ReturnType<typeof composeArtifacts>;
  readonly serving: Serving;
  readonly signal: AbortSignal;
}

/** Begins all that goes on by itself in a process of this role: one promise for each lane, over when `signal` aborts. */
export function runLanes(ground: Ground, parts: LaneParts): Promise<void>[] {
  const { reads, works } = dutiesOf[ground.role];
  const { streams, oversight, signal } = parts;
  return [
    ...streams.run(),
    ground.audit.run(signal),
    oversight.killSwitch.run(signal),
    ...(works ? workOnStored(ground, parts) : []),
    ...(reads ? readHoneypots(ground, parts) : []),
  ];
}

/** What takes long with what is stored. */
function workOnStored(ground: Ground, parts: LaneParts): Promise<void>[] {
  const { role, config, database, clock, log, figures } = ground;
  const { lures, learning, signals, decider, acting, told, analyst, pipeline, signal } = parts;
  return [
    ...signals.run(signal),
    runFoldThread({
      job: {
        ...{ databaseUrl: database.url, isEmbedded: database.isEmbedded },
        ...{ stateDir: config.state.dir, timeZone: config.cowrie.timezone },
      },
      ...{ clock, log, onFolded: signals.learnCampaigns, signal },
    }),
    analyst.run(signal),
    ...acting.tellPeople(),
    learning.run(
      { decide: decider.decide, forgetSessions: pipeline.forgetSessions, decided: told.tellDecisions },
      signal,
    ),
    decider.effect.run(signal),
    ...(role === 'up' ? [] : [learnFromOthers({ ...lures, ...decider, database, clock, log, signal })]),
    keepHistory({ database, clock, log, signal, eventsStored: async () => (await figures.read()).events_total }),
  ];
}

/** What has to do with honeypots. */
function readHoneypots(ground: Ground, parts: LaneParts): Promise<void>[] {
  const { lures, acting, artifacts, sources, signal } = parts;
  return [
    ...acting.run(),
    artifacts.run(signal),
    lures.run(signal),
    keepHouse({ ...ground, signal, alsoEachRound: () => endWhatIsOver(parts) }),
    composeRetention(ground).run(signal),
    ...sources.run(),
  ];
}

async function endWhatIsOver({ acting, lures, oversight, allowList, serving, signal }: LaneParts): Promise<void> {
  await acting.adaptations.expire(signal);
  await lures.endLive();
  await oversight.expire();
  await allowList.refresh();
  await serving.sweep();
}
