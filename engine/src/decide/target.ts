import type { DecisionKind } from '@cerberusmesh/contract/decision';
import type { Situation } from '@cerberusmesh/contract/situation';

/** What a decision is aimed at: that is what rests afterwards. */
export function targetOf(kind: DecisionKind, { sensor, sourceIp, sessionId, signals }: Situation): string {
  switch (kind) {
    case 'insert_trap':
    case 'launch_decoy':
      return `sensor:${sensor}`;
    case 'rotate_key':
      if (signals.managedKey !== null) return `key:${signals.managedKey}`;
      return signals.crackedLure === null ? `sensor:${sensor}` : `lure:${signals.crackedLure}`;
    case 'escalate':
    case 'monitor':
      if (signals.campaign !== null) return `campaign:${signals.campaign}`;
      return sourceIp === null ? `session:${sessionId}` : `attacker:${sourceIp}`;
  }
}
