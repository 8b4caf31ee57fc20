import type { EffectReport, EffectRow, KindEffect } from '@cerberusmesh/contract/effect';

/** Below, the normal approximation of a mean is no good for what visitors do. */
const sessionsNeeded = 30;
const z95 = 1.96;

/** What each kind of adaptation changed about sessions, against the control group, with 95 % confidence intervals. */
export function tellEffect(
  rows: readonly EffectRow[],
  touchedLures: ReadonlyMap<string, number>,
): Pick<EffectReport, 'control_sessions' | 'bystander_sessions' | 'mixed_sessions' | 'sessions_needed' | 'kinds'> {
  const control = rows.find(({ exposure }) => exposure === 'control');
  const shown = rows.filter(({ exposure }) => exposure === 'shown');
  return {
    control_sessions: control?.sessions ?? 0,
    bystander_sessions: rows.find(({ exposure }) => exposure === 'bystander')?.sessions ?? 0,
    // A session that was shown several kinds is in several rows: the largest is at most as many as there were.
    mixed_sessions: Math.max(0, ...rows.filter(({ exposure }) => exposure === 'mixed').map(({ sessions }) => sessions)),
    sessions_needed: sessionsNeeded,
    kinds: shown
      .map((row) => tellKind(row, control, touchedLures.get(row.kind) ?? 0))
      .sort((a, b) => (a.kind < b.kind ? -1 : 1)),
  };
}

function tellKind(row: EffectRow, control: EffectRow | undefined, touchedLures: number): KindEffect {
  const { kind, sessions, touchedSessions } = row;
  return {
    kind,
    sessions,
    touched_sessions: touchedSessions,
    touched_share: sessions === 0 ? null : touchedSessions / sessions,
    touched_share_95: sessions === 0 ? null : wilson(touchedSessions, sessions),
    touched_lures: touchedLures,
    dwell_seconds: compare(momentsOf(row, 'dwell'), control && momentsOf(control, 'dwell')),
    commands: compare(momentsOf(row, 'commands'), control && momentsOf(control, 'commands')),
  };
}

interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly logMean: number;
  readonly logVariance: number;
}

function momentsOf(row: EffectRow, what: 'dwell' | 'commands'): Moments {
  const { sessions: count } = row;
  const [total, sum, squares] =
    what === 'dwell'
      ? [row.dwellSeconds, row.dwellLogSum, row.dwellLogSquares]
      : [row.commands, row.commandsLogSum, row.commandsLogSquares];
  const logMean = sum / count;
  const logVariance = count > 1 ? Math.max(0, (squares - count * logMean ** 2) / (count - 1)) : 0;
  return { count, mean: total / count, logMean, logVariance };
}

/** Welch's interval on the logarithms, so that it is one of a ratio. */
function compare(shown: Moments, control: Moments | undefined): KindEffect['dwell_seconds'] {
  const means = { shown_mean: shown.mean, control_mean: control?.mean ?? null };
  if (control === undefined || Math.min(shown.count, control.count) < sessionsNeeded) {
    return { ...means, ratio: null, ratio_95: null, says: 'not enough data' };
  }
  const difference = shown.logMean - control.logMean;
  const margin = z95 * Math.sqrt(shown.logVariance / shown.count + control.logVariance / control.count);
  const interval = { low: Math.exp(difference - margin), high: Math.exp(difference + margin) };
  const says = interval.low > 1 ? 'more' : interval.high < 1 ? 'less' : 'no difference seen';
  return { ...means, ratio: Math.exp(difference), ratio_95: interval, says };
}

/** Wilson's interval of a share, which is sound for few and for none. */
export function wilson(hits: number, count: number): { low: number; high: number } {
  const share = hits / count;
  const square = z95 ** 2;
  const centre = (share + square / (2 * count)) / (1 + square / count);
  const margin = (z95 / (1 + square / count)) * Math.sqrt((share * (1 - share)) / count + square / (4 * count ** 2));
  return { low: Math.max(0, centre - margin), high: Math.min(1, centre + margin) };
}
