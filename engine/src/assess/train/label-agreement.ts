import type { TacticSession } from './train-tactics.ts';

export interface LabelAgreement {
  /** Statements whose shape, and those of the neighbours, stand in a session of another script too. */
  readonly repeated: number;
  /** Share of them that bear the label most of the others bear: what the labels themselves allow. */
  readonly agreeing: number;
  /** Of every class: all statements, those that are repeated, those that agree. */
  readonly classes: Readonly<Record<string, readonly [number, number, number]>>;
}

/**
 * How far labellers agree with themselves: where the same statement stands between the same neighbours in another script,
 * does it bear the same label? `reach` is the number of neighbours on each side.
 */
export function labelAgreement(sessions: readonly TacticSession[], reach: number): LabelAgreement {
  const places = sessions.flatMap(({ views, labels, group }) =>
    labels.map((label, at) => ({ label, group, context: contextOf(views, at, reach) })),
  );
  const votes = countVotes(places);
  const classes: Record<string, [number, number, number]> = {};
  for (const { label, group, context } of places) {
    const counts = classes[label] ?? [0, 0, 0];
    classes[label] = counts;
    const others = votesOfOthers(votes.get(context), group);
    counts[0]++;
    if (others.size === 0) continue;
    counts[1]++;
    if ((others.get(label) ?? 0) === Math.max(...others.values())) counts[2]++;
  }
  const sum = (which: 1 | 2) => Object.values(classes).reduce((total, counts) => total + counts[which], 0);
  return { repeated: sum(1), agreeing: sum(2) / Math.max(1, sum(1)), classes };
}

type Votes = ReadonlyMap<string, Map<string, Map<string, number>>>;

/** Per context and script, how often each label was given. */
function countVotes(places: readonly { label: string; group: string; context: string }[]): Votes {
  const votes = new Map<string, Map<string, Map<string, number>>>();
  for (const { label, group, context } of places) {
    const groups = votes.get(context) ?? new Map<string, Map<string, number>>();
    const labels = groups.get(group) ?? new Map<string, number>();
    labels.set(label, (labels.get(label) ?? 0) + 1);
    groups.set(group, labels);
    votes.set(context, groups);
  }
  return votes;
}

function votesOfOthers(groups: ReadonlyMap<string, Map<string, number>> | undefined, own: string): Map<string, number> {
  const others = new Map<string, number>();
  for (const [group, labels] of groups ?? []) {
    if (group === own) continue;
    for (const [label, count] of labels) others.set(label, (others.get(label) ?? 0) + count);
  }
  return others;
}

function contextOf(views: TacticSession['views'], at: number, reach: number): string {
  const shapes: string[] = [];
  for (let place = at - reach; place <= at + reach; place++) shapes.push(views[place]?.shape ?? '');
  return shapes.join('\n');
}
