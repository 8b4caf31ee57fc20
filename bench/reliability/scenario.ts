/** One thing that goes wrong, and what has to hold afterwards. */
export interface Scenario {
  readonly name: string;
  readonly does: string;
  /** Why it cannot be run here; undefined where it can. */
  readonly missing?: () => string | undefined;
  run(options: ScenarioOptions): Promise<Outcome>;
}

export interface ScenarioOptions {
  readonly kills: number;
  readonly lines: number | undefined;
  /** How long something is away. */
  readonly seconds: number;
  readonly seed: number;
  /** Below 1, from the seed: what was run can be run again. */
  readonly random: () => number;
  /** Says on stderr what is under way. */
  readonly say: (sentence: string) => void;
}

export interface Outcome {
  readonly checks: readonly Check[];
  /** What was measured besides. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Holds where both are the same. */
export interface Check {
  readonly what: string;
  readonly expected: number | string | boolean;
  readonly found: number | string | boolean;
}

export interface ScenarioReport extends Outcome {
  readonly scenario: string;
  readonly does: string;
  readonly state: 'held' | 'broke' | 'skipped';
  readonly seconds: number;
  /** Of one that was skipped, or that ended by an exception. */
  readonly why?: string;
}
