import type { Situation } from '@cerberusmesh/contract/situation';

/** A situation as conditions look at it. */
export interface Facts {
  readonly situation: Situation;
  /** The session's, raised by what the language model said, within the policy's bound. Never lowered. */
  readonly threatScore: number;
  /** In small letters, made when the first condition asks. */
  readonly commands: () => readonly string[];
}

/**
 * What conditions are asked about. The language model may raise the threat score by at most `llmRaiseMax`, and never
 * lowers it.
 */
export function readFacts(situation: Situation, llmRaiseMax: number): Facts {
  let commands: readonly string[] | undefined;
  return {
    situation,
    threatScore: raiseThreatScore(situation, llmRaiseMax),
    commands: () => (commands ??= situation.session.recentCommands.map((command) => command.toLowerCase())),
  };
}

function raiseThreatScore({ session, signals }: Situation, raiseMax: number): number {
  const told = signals.llm?.threatScore ?? 0;
  return Math.max(session.threatScore, Math.min(told, session.threatScore + raiseMax));
}
