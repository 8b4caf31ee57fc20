import { hash } from 'node:crypto';
import { type SessionChange, sessionKeyOf } from '@cerberusmesh/contract/between-stages';
import type { AdaptationType, Decision } from '@cerberusmesh/contract/decision';
import type { Settings } from '@cerberusmesh/contract/settings';
import { type Circumstances, noSignals, type Signals, type Situation } from '@cerberusmesh/contract/situation';
import type { LureCounts } from '../decide/choose-lure.ts';
import { createDecide, type Decide, type Judgement, type VersionedPolicy } from '../decide/decide.ts';
import { createHistory, type Done } from '../decide/history.ts';
import { createWorthAnalysing } from '../decide/worth-analysing.ts';
import type { Clock } from '../kit/clock.ts';

/** Decisions that were made are remembered, so that a session that goes on does not ask the database about each again. */
const rememberedMax = 50_000;
/** A live event is seconds old; after an outage of the engine its log may be minutes old, and the visitor still there. */
const eventAgeMaxSeconds = 900;

export interface Decider {
  decide(changes: readonly SessionChange[]): Decision[];
  /** Told when a batch's decisions are durable: from then on they count for cooldown and budget. */
  made(decisions: readonly Decision[]): void;
  /** What other processes did counts for cooldown and budget too; what is known already may be told again. */
  learnDone(done: readonly Done[]): void;
  /** Whether the policy wants the language model to read this session. */
  isWorthAnalysing(change: SessionChange): boolean;
  /** From the next batch on, this policy holds. */
  usePolicy(policy: VersionedPolicy): void;
  useLureCounts(counts: ReadonlyMap<AdaptationType, LureCounts>): void;
}

export interface DeciderOptions {
  readonly policy: VersionedPolicy;
  readonly settings: () => Settings;
  readonly done: readonly Done[];
  /** What is known beyond the session; what is left out counts as unknown. */
  readonly signalsOf?: (change: SessionChange) => Partial<Signals>;
  readonly isControl: (address: string | null) => boolean;
  /** The sensor of recordings, about which only a word is said. */
  readonly recordedSensor: string;
  readonly clock: Pick<Clock, 'now'>;
}

/** Gives the pure `decide` what it may not have itself: the time, the settings of the moment and what was done before. */
export function createDecider(options: DeciderOptions): Decider {
  const { settings, clock, recordedSensor, isControl, signalsOf = () => noSignals } = options;
  const history = createHistory(options.done);
  const known = new Set<string>();
  let lures: ReadonlyMap<AdaptationType, LureCounts> = new Map();
  let decide: Decide = createDecide(options.policy);
  let worthAnalysing = createWorthAnalysing(options.policy);

  return {
    decide(changes) {
      const now = clock.now();
      history.settle(now.getTime());
      // Within a batch what is decided counts too; it is forgotten where the batch is not stored.
      const draft = createHistoryDraft();
      return changes.flatMap((change) => {
        const fresh = judge(change, draft, now).filter((judgement) => isFresh(judgement));
        for (const judgement of fresh) draft.record(judgement);
        return fresh.map((judgement) => ({ id: idOf(keyOf(judgement)), ...judgement }));
      });
    },
    made(decisions) {
      for (const decision of decisions) {
        known.add(keyOf(decision));
        if (decision.verdict !== 'nothing') history.record(doneOf(decision));
      }
      for (const key of known) {
        if (known.size <= rememberedMax) break;
        known.delete(key);
      }
    },
    learnDone(done) {
      for (const one of done) history.record(one);
    },
    isWorthAnalysing(change) {
      const situation = situationOf(change, { ...noSignals, ...signalsOf(change) });
      return situation !== undefined && !change.session.probe && worthAnalysing(situation);
    },
    usePolicy(policy) {
      decide = createDecide(policy);
      worthAnalysing = createWorthAnalysing(policy);
    },
    useLureCounts(counts) {
      lures = counts;
    },
  };

  function judge(change: SessionChange, draft: HistoryDraft, now: Date): Judgement[] {
    const situation = situationOf(change, { ...noSignals, ...signalsOf(change) });
    if (situation === undefined) return [];
    const circumstances = { ...circumstancesOf(settings()), ...placeOf(situation) };
    return decide(situation, { circumstances, history: draft, lures, now });
  }

  function placeOf({ sensor, sourceIp }: Situation): Pick<Circumstances, 'isRecording' | 'isControl'> {
    return { isRecording: sensor === recordedSensor, isControl: isControl(sourceIp) };
  }

  /** Said already, or done already for this session: that its own cooldown holds now is no news. */
  function isFresh(judgement: Judgement): boolean {
    return !known.has(keyOf(judgement)) && !(judgement.verdict === 'nothing' && known.has(doneKeyOf(judgement)));
  }

  function createHistoryDraft() {
    const recorded: Done[] = [];
    const also = createHistory();
    return {
      record(judgement: Judgement): void {
        if (judgement.verdict === 'nothing') return;
        recorded.push(doneOf(judgement));
        also.record(doneOf(judgement));
      },
      lastAtMs: (kind: Done['kind'], target: string) => also.lastAtMs(kind, target) ?? history.lastAtMs(kind, target),
      countSince: (kind: Done['kind'], sinceMs: number) =>
        also.countSince(kind, sinceMs) + history.countSince(kind, sinceMs),
      changedSince: (sinceMs: number) =>
        recorded.length === 0
          ? history.changedSince(sinceMs)
          : new Set([...history.changedSince(sinceMs), ...also.changedSince(sinceMs)]),
    };
  }
}

type HistoryDraft = Parameters<Decide>[1]['history'];

function situationOf({ event, assessment, session }: SessionChange, signals: Signals): Situation | undefined {
  if (event.sessionId === null) return undefined;
  const { techniques: _techniques, partial: _partial, ...assessed } = assessment;
  return {
    sensor: event.sensor,
    sessionId: event.sessionId,
    sourceIp: event.sourceIp,
    eventId: event.id,
    eventEpochMs: event.epochMs,
    assessment: assessed,
    session,
    signals,
  };
}

function circumstancesOf(settings: Settings): Omit<Circumstances, 'isRecording' | 'isControl'> {
  return {
    autoAdaptation: settings.ENABLE_AUTO_ADAPTATION,
    autoAction: settings.CERBERUS_AUTO_ACTION,
    killSwitch: settings.CERBERUS_KILL_SWITCH,
    threatScoreMin: settings.HIGH_SEVERITY_THRESHOLD,
    confidenceMin: settings.CERBERUS_THRESHOLD,
    cooldownSeconds: settings.ADAPTATION_COOLDOWN_SECONDS,
    eventAgeMaxSeconds,
  };
}

function doneOf(judgement: Judgement): Done {
  const { decision, target, decidedAt } = judgement;
  return { id: idOf(keyOf(judgement)), kind: decision, target, atMs: Date.parse(decidedAt) };
}

/**
 * Something is done once per session and rule. To do nothing is recorded once per session and reason; the severity and
 * the step of the threat score are part of the reason, so that a session that grew graver can be replayed.
 */
function keyOf(judgement: Judgement): string {
  if (judgement.verdict !== 'nothing') return doneKeyOf(judgement);
  const { rule, guard, severity, threatScore, wanted } = judgement;
  return `${placeKeyOf(judgement)}\0${rule}\0${wanted}\0${guard}\0${severity}\0${Math.floor(threatScore * 10)}`;
}

function doneKeyOf(judgement: Judgement): string {
  return `${placeKeyOf(judgement)}\0${judgement.rule}\0${judgement.wanted}`;
}

function placeKeyOf(place: { readonly sensor: string; readonly sessionId: string }): string {
  return sessionKeyOf(place) ?? '';
}

/** The same decision made again, after a crash or in the next batch, has the same id. */
function idOf(key: string): string {
  const hex = hash('sha256', key);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
