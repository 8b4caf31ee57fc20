import type { GuardName } from '@cerberusmesh/contract/decision';

const names: Readonly<Record<GuardName, string>> = {
  recording: 'it was a recording of ours',
  kill_switch: 'the kill switch was on',
  own: 'the address is our own, or left alone',
  auto_adaptation: 'adapting by itself is off',
  auto_action: 'acting by itself is off',
  history: 'it was replayed from the past',
  threat_score: 'the threat score is below the threshold',
  confidence: 'the assessment is not sure enough',
  control_group: 'the address is in the control group',
  cooldown: 'the honeypot rests after the last change',
  budget: 'the budget is used up',
  blast_radius: 'too many targets at once',
};

const byName: ReadonlyMap<string, string> = new Map(Object.entries(names));

/** What kept a decision from being carried out, in words; a guard that is newer than this page by its own name. */
export function guardName(guard: string): string {
  return byName.get(guard) ?? guard;
}
