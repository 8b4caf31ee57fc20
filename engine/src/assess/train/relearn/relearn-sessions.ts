import type { Comparison } from '@cerberusmesh/contract/models';
import { createRecentAnswers } from '../../../kit/recent-answers.ts';
import { type AnomalyScorer, type ForestFile, scorerOf } from '../../anomaly-scorer.ts';
import type { AttackRules } from '../../attack/compile-rules.ts';
import { judgeLine, type LineJudgement } from '../../judge-line.ts';
import { gatherShapes, type KnownShapesFile, knownShapesOf, mergeShapes } from '../../known-shapes.ts';
import { remembered } from '../../remembered.ts';
import { countSequences, type SequenceFile, sequenceModelOf } from '../../sequence-model.ts';
import { sessionRow, sessionRowFeatures } from '../../session-row.ts';
import type { SeverityModel } from '../../severity-model.ts';
import { viewStatement } from '../../statement-features.ts';
import { statementTexts } from '../../statement-texts.ts';
import { growForestFile } from '../train-anomaly.ts';
import { compare } from './compare.ts';
import type { Gathered } from './gather.ts';
import { rankAgainstShuffled } from './rank-against-shuffled.ts';

export interface RelearnedSessions {
  readonly shapes: KnownShapesFile;
  readonly sequence: SequenceFile;
  readonly sessionAnomaly: ForestFile | null;
  readonly sessions: number;
  readonly comparisons: readonly Comparison[];
  /** Whether all statements of a line have shapes that training saw. */
  readonly isKnownLine: (line: string) => boolean;
}

const keptMax = 65_536;
/** Of the latest sessions: enough for trees of 256 rows, and each of its statements is judged once. */
const forestSessionsMax = 20_000;
const forestSessionsMin = 500;
const margins = { shapes: 0.01, surprise: 0.02, ranks: 0.02 };

/** What sessions are made of: shapes and sequences are added to the parent's, the forest over sessions is grown anew. */
export function relearnSessions(
  parent: {
    readonly shapes: KnownShapesFile;
    readonly sequence: SequenceFile;
    readonly sessionAnomaly: Pick<AnomalyScorer, 'scoreRow'>;
  },
  { trainedLines, heldBackLines }: Gathered,
  severityModel: SeverityModel,
  rules: AttackRules,
  version: string,
): RelearnedSessions {
  const views = createViews(severityModel, rules);
  const shaped = trainedLines.map((lines) => lines.flatMap(views.shapesOf));
  const shapes = mergeShapes(parent.shapes, gatherShapes(shaped, version), version);
  const sequence = countSequences(shaped, version, parent.sequence);
  const [before, after] = [knownShapesOf(parent.shapes), knownShapesOf(shapes)];
  const heldBack = [...heldBackLines].filter(([, lines]) => lines.length > 0);
  const comparisons = [
    compare(
      'known shapes: share of held-back statements that were seen before',
      heldBack.map(([group, lines]) => {
        const found = lines.flatMap(views.shapesOf);
        return { group, current: 1 - before.unknownShare(found), candidate: 1 - after.unknownShare(found) };
      }),
      margins.shapes,
    ),
    compareSurprise(parent.sequence, sequence, heldBack, views.shapesOf),
  ];
  const isKnownLine = (line: string) => views.shapesOf(line).every(after.isKnown);
  const trained = trainedLines.slice(-forestSessionsMax);
  if (trained.length < forestSessionsMin)
    return { shapes, sequence, sessionAnomaly: null, sessions: trainedLines.length, comparisons, isKnownLine };
  const rowOf = (lines: readonly string[]) => views.rowOf(lines, after.unknownShare);
  const sessionAnomaly = growForestFile(trained.map(rowOf), sessionRowFeatures, version);
  const rows = heldBack.map(([session, lines]) => ({ session, row: rowOf(lines) }));
  const ranks = rankAgainstShuffled(rows, parent.sessionAnomaly, scorerOf(sessionAnomaly));
  comparisons.push(compare('session anomaly: held-back sessions rank below mixed-up ones', ranks, margins.ranks));
  return { shapes, sequence, sessionAnomaly, sessions: trainedLines.length, comparisons, isKnownLine };
}

/** A sequence model is the better, the less it is surprised by sessions that it never saw. */
function compareSurprise(
  before: SequenceFile,
  after: SequenceFile,
  heldBack: readonly (readonly [string, readonly string[]])[],
  shapesOf: (line: string) => readonly string[],
): Comparison {
  const [current, candidate] = [sequenceModelOf(before), sequenceModelOf(after)];
  const judged = heldBack.map(([group, lines]) => {
    const shapes = lines.flatMap(shapesOf);
    return { group, current: 1 - current.tell(shapes).novelty, candidate: 1 - candidate.tell(shapes).novelty };
  });
  return compare('sequence: how little held-back sessions surprise', judged, margins.surprise);
}

/** Each text is read once, however often bots repeat it. */
function createViews(severityModel: SeverityModel, rules: AttackRules) {
  const texts = createRecentAnswers<readonly string[]>(keptMax);
  const shapes = createRecentAnswers<readonly string[]>(keptMax);
  const judged = createRecentAnswers<LineJudgement>(keptMax);
  const textsOf = (line: string) => remembered(texts, line, () => statementTexts(line));
  return {
    shapesOf: (line: string) =>
      remembered(shapes, line, () => textsOf(line).map((text) => viewStatement(text, rules).shape)),
    rowOf(lines: readonly string[], unknownShare: (shapes: readonly string[]) => number): Float32Array {
      const statements = lines.flatMap(textsOf);
      const judgements = statements.map((text) =>
        remembered(judged, text, () => judgeLine(text, { severityModel }, rules)),
      );
      return sessionRow(statements, judgements, unknownShare(lines.flatMap(this.shapesOf)));
    },
  };
}
