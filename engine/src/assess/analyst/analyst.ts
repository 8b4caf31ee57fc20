import { randomBytes } from 'node:crypto';
import type { AnalystReading, AnalystState } from '@cerberusmesh/contract/analysis';
import type { SessionMaterial } from '@cerberusmesh/contract/session-material';
import type { Clock } from '../../kit/clock.ts';
import type { TrialBreaker } from '../../kit/trial-breaker.ts';
import { checkAnswer } from './check-answer.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { AskModel, ModelAnswer, ModelUsage } from './language-model.ts';
import { composePrompt, type Prompt } from './prompt.ts';

/** A reading of another session with the same content; `citations` are places in the list of shown events. */
export interface CachedReading {
  readonly reading: AnalystReading;
  readonly shownEvents: readonly string[];
}

/** What the analyst needs of the store. */
export interface AnalystStore {
  findReading(fingerprint: Buffer): Promise<CachedReading | undefined>;
  /** Takes one request and so many tokens out of the hour's and the day's budget, or neither. */
  takeBudget(tokens: number, now: Date): Promise<boolean>;
  /** Gives back what was not used, or takes what was used beyond. */
  settleBudget(tokens: number, now: Date): Promise<void>;
}

export interface Analysis {
  readonly fingerprint: Buffer;
  readonly citations: readonly string[];
  readonly shownEvents: readonly string[];
  readonly reused: boolean;
  readonly usage: ModelUsage;
  readonly tookMs: number;
}

/** `later`: not now; ask again in so many milliseconds. */
export type AnalystOutcome =
  | ({ readonly kind: 'read'; readonly reading: AnalystReading } & Analysis)
  | ({ readonly kind: 'refused'; readonly why: string } & Analysis)
  | { readonly kind: 'over_budget'; readonly why: string; readonly fingerprint: Buffer }
  | { readonly kind: 'later'; readonly why: string; readonly waitMs: number }
  | { readonly kind: 'failed'; readonly why: string; readonly fingerprint: Buffer };

export interface Analyst {
  /** Reads one session. Never throws for what the model or its provider does. */
  read(material: SessionMaterial, signal: AbortSignal): Promise<AnalystOutcome>;
  /** Whether it is being asked now, and why not. */
  state(): { readonly state: AnalystState; readonly why: string };
}

/** A wrong answer is asked for once more; a model that cannot keep the form twice will not the third time. */
const triesMax = 2;
const charactersPerToken = 3;
const retryMs = 60_000;
const trial: Prompt = { instructions: 'Answer with one short JSON object.', question: 'Are you there?' };

/** Asks the model about sessions: from the cache, within the budget, not while it is down. */
export function createAnalyst(options: {
  readonly ask: AskModel;
  readonly store: AnalystStore;
  readonly breaker: TrialBreaker;
  readonly clock: Pick<Clock, 'now'>;
  /** Name of the model, with its provider. */
  readonly model: string;
  readonly outputTokensMax: number;
}): Analyst {
  const { ask, store, breaker, clock, model, outputTokensMax } = options;
  let last: { state: AnalystState; why: string } = { state: 'ready', why: 'waiting for a session worth asking about' };

  return {
    async read(material, signal) {
      const fingerprint = fingerprintOf(material, model);
      const known = await store.findReading(fingerprint);
      if (known) return reuse(known, material, fingerprint);
      const waitMs = breaker.waitMs();
      if (waitMs > 0) return { kind: 'later', why: last.why, waitMs };
      return await askAbout(material, fingerprint, signal);
    },
    state: () => (last.state === 'resting' && breaker.waitMs() === 0 ? { ...last, state: 'ready' } : last),
  };

  async function askAbout(
    material: SessionMaterial,
    fingerprint: Buffer,
    signal: AbortSignal,
  ): Promise<AnalystOutcome> {
    const started = clock.now().getTime();
    const used = { inputTokens: 0, outputTokens: 0 };
    const shownEvents = material.events.map(({ id }) => id);
    let why = '';
    for (let attempt = 1; attempt <= triesMax; attempt++) {
      const prompt = composePrompt(material, randomBytes(16).toString('hex'));
      const asked = attempt === 1 ? prompt : withReminder(prompt, why);
      const reserved =
        Math.ceil((asked.instructions.length + asked.question.length) / charactersPerToken) + outputTokensMax;
      if (!(await store.takeBudget(reserved, clock.now()))) {
        last = { state: 'over_budget', why: 'the budget of this hour or day is used up' };
        return { kind: 'over_budget', why: last.why, fingerprint };
      }
      const answer = await ask(asked, signal);
      if (answer.kind === 'failed') return await afterFailure(answer, fingerprint, reserved);
      if (answer.kind === 'late' && !(await answersTrial(signal))) {
        const silent = {
          ...answer,
          kind: 'failed',
          isWorthRetrying: true,
          retryAfterSeconds: null,
          mayCost: true,
        } as const;
        return await afterFailure(silent, fingerprint, reserved);
      }
      breaker.succeeded();
      last = { state: 'ready', why: 'the last question was answered' };
      if (answer.kind === 'endless' || answer.kind === 'late')
        return { kind: 'refused', why: answer.why, citations: [], ...about() };
      used.inputTokens += answer.usage.inputTokens;
      used.outputTokens += answer.usage.outputTokens;
      // A server that tells no usage is taken to have used what was set aside.
      const spent = answer.usage.inputTokens + answer.usage.outputTokens;
      if (spent > 0) await store.settleBudget(spent - reserved, clock.now());
      const checked = checkAnswer(answer.text, material, prompt);
      if (checked.kind === 'ok') return { kind: 'read', ...checked.value, ...about() };
      why = checked.reason;
      if (attempt === triesMax) return { kind: 'refused', why, citations: [], ...about() };
    }
    throw new Error('unreachable: the last attempt returns');

    function about(): Omit<Analysis, 'citations'> {
      return { fingerprint, shownEvents, reused: false, usage: used, tookMs: clock.now().getTime() - started };
    }
  }

  /**
   * Whether the model answers a question without a word of any visitor. Then whoever it did not answer in time has kept it busy,
   * as a model that heeds no limit of tokens can be talked into: five such visitors would have it rest for everybody.
   */
  async function answersTrial(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted || !(await store.takeBudget(outputTokensMax, clock.now()))) return false;
    const answer = await ask(trial, signal);
    if (answer.kind === 'late') return false;
    const spent = answer.kind === 'answered' ? answer.usage.inputTokens + answer.usage.outputTokens : 0;
    const isFree = answer.kind === 'failed' && !answer.mayCost;
    if (spent > 0 || isFree) await store.settleBudget(spent - outputTokensMax, clock.now());
    return answer.kind === 'answered';
  }

  async function afterFailure(
    answer: Extract<ModelAnswer, { kind: 'failed' }>,
    fingerprint: Buffer,
    reserved: number,
  ): Promise<AnalystOutcome> {
    breaker.failed((answer.retryAfterSeconds ?? 0) * 1000);
    if (!answer.mayCost) await store.settleBudget(-reserved, clock.now());
    last = { state: 'resting', why: `the model could not be asked: ${answer.why}` };
    if (!answer.isWorthRetrying) return { kind: 'failed', why: last.why, fingerprint };
    const waitMs = Math.max(breaker.waitMs(), retryMs);
    return { kind: 'later', why: last.why, waitMs };
  }
}

/** The same content, so the same places: each cited event is the one at the same place of this session. */
function reuse(
  { reading, shownEvents }: CachedReading,
  material: SessionMaterial,
  fingerprint: Buffer,
): AnalystOutcome {
  const ids = material.events.map(({ id }) => id);
  const placeOf = new Map(shownEvents.map((id, place) => [id, place]));
  const citations = new Set<string>();
  const reasoning = reading.reasoning.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, (id) => {
    const here = ids[placeOf.get(id.toLowerCase()) ?? -1];
    if (here !== undefined) citations.add(here);
    return here ?? '(an event)';
  });
  return {
    kind: 'read',
    reading: { ...reading, reasoning },
    citations: [...citations],
    fingerprint,
    shownEvents: ids,
    reused: true,
    usage: { inputTokens: 0, outputTokens: 0 },
    tookMs: 0,
  };
}

/** `why` is a sentence of ours and holds no word of the answer. */
function withReminder({ instructions, question }: Prompt, why: string): Prompt {
  return {
    instructions,
    question: `${question}\nYour last answer could not be taken: ${why}. Answer again, in the asked form.`,
  };
}
