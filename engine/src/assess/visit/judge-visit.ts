import type { SessionState } from '@cerberusmesh/contract/assessment';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import type { VisitVerdict } from '@cerberusmesh/contract/visit';
import { createRecentAnswers } from '../../kit/recent-answers.ts';
import { actorFeatures, type TypedVisit } from '../actor-features.ts';
import type { AnomalyScorer } from '../anomaly-scorer.ts';
import type { Credentials } from '../credential-model.ts';
import { lineShape } from '../line-shape.ts';
import { remembered } from '../remembered.ts';
import type { SequenceModel, SequenceVerdict } from '../sequence-model.ts';
import { recentCommandCharacters } from '../session-state.ts';
import { readShell } from '../shell/read-shell.ts';
import { statementTexts } from '../statement-texts.ts';
import { visitRow } from './visit-row.ts';

export interface VisitParts {
  readonly humanChance: (features: ReadonlySet<string>) => number;
  readonly sequence: Pick<SequenceModel, 'tell'>;
  readonly visitAnomaly: Pick<AnomalyScorer, 'scoreRow' | 'whyUnlike'>;
  readonly credentials: Pick<Credentials, 'oddness'>;
}

/** What is told of a session while it is under way. */
export interface VisitSoFar {
  readonly actor: 'script' | 'human' | null;
  readonly novelty: number | null;
}

export interface VisitJudge {
  /** A session that is over, from all of its events in order; `reputation` is what providers said of its address. */
  whole(events: readonly SensorEvent[], reputation?: number | null): VisitVerdict;
  /** From what is remembered of its latest commands. Microseconds where their text was met before, as nearly all is. */
  soFar(session: SessionState): VisitSoFar;
}

/** Fewer commands do not tell a person from a script. */
const commandsMin = 4;
/**
 * A prompt is one channel, and its recording ends with it. Where channels end about as often as commands come, each command
 * was asked for by a program (`ssh host command`), whatever its pauses. The latest one's may not have ended yet.
 */
const ownChannelShare = 0.7;
/** Different lines and sets of shapes of which something is kept. */
const keptMax = 4_096;

interface ReadLine {
  readonly shapes: readonly string[];
  /** Stands for the shapes: lines that differ in a password only have the same. */
  readonly id: number;
}

/** Judges whole visits, and those under way. What lines and visits have in common is remembered, for bots repeat themselves. */
export function createVisitJudge({ humanChance, sequence, visitAnomaly, credentials }: VisitParts): VisitJudge {
  const lines = createRecentAnswers<ReadLine>(keptMax);
  const ids = createRecentAnswers<number>(keptMax);
  const novelties = createRecentAnswers<number>(keptMax);
  /** Decide asks about one state twice. */
  const told = new WeakMap<SessionState, VisitSoFar>();
  let idsGiven = 0;
  return { whole, soFar };

  function whole(events: readonly SensorEvent[], reputation: number | null = null): VisitVerdict {
    const typed = events.flatMap(({ detail, epochMs }) =>
      detail.kind === 'command' && detail.phase === 'typed' ? [{ text: detail.input, epochMs }] : [],
    );
    const commands = typed.map(({ text }) => text);
    const recordings = events.filter(({ detail }) => detail.kind === 'recording').length;
    const actorScore = actorScoreOf(
      { commands, epochsMs: typed.map(({ epochMs }) => epochMs) },
      recordings,
      commands.length,
    );
    const row = visitRow(events, credentials.oddness, reputation);
    const order = commands.length === 0 ? undefined : orderOf(commands.map(readLine));
    return {
      actor: actorOf(actorScore),
      actorScore,
      anomalyScore: visitAnomaly.scoreRow(row),
      anomalyWhy: visitAnomaly.whyUnlike(row),
      novelty: order?.novelty ?? null,
      noveltyWhy: order?.why ?? null,
    };
  }

  function soFar(session: SessionState): VisitSoFar {
    const known = told.get(session);
    if (known !== undefined) return known;
    const fresh = lookAt(session);
    told.set(session, fresh);
    return fresh;
  }

  function lookAt({ recentCommands, recentEpochsMs, recordings = 0, commands }: SessionState): VisitSoFar {
    if (recentCommands.length === 0) return { actor: null, novelty: null };
    const visit = { commands: recentCommands, ...(recentEpochsMs === undefined ? {} : { epochsMs: recentEpochsMs }) };
    // One that was shortened has another shape than the whole line.
    const read = recentCommands.filter((line) => line.length < recentCommandCharacters).map(readLine);
    const key = read.map(({ id }) => id).join(' ');
    return {
      actor: actorOf(actorScoreOf(visit, recordings, commands)),
      novelty: read.length === 0 ? null : remembered(novelties, key, () => orderOf(read).novelty),
    };
  }

  function actorScoreOf(visit: TypedVisit, recordings: number, commands: number): number | null {
    if (visit.commands.length < commandsMin) return null;
    return recordings >= ownChannelShare * commands ? 0 : humanChance(actorFeatures(visit));
  }

  function orderOf(read: readonly ReadLine[]): SequenceVerdict {
    return sequence.tell(read.flatMap(({ shapes }) => shapes));
  }

  function readLine(line: string): ReadLine {
    return remembered(lines, line, () => {
      const shapes = statementTexts(line).map((text) => lineShape(readShell(text)));
      return { shapes, id: remembered(ids, shapes.join('\n'), () => ++idsGiven) };
    });
  }
}

function actorOf(score: number | null): VisitVerdict['actor'] {
  return score === null ? null : score >= 0.5 ? 'human' : 'script';
}
