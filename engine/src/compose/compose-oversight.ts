import type { ActionKind } from '@cerberusmesh/contract/action';
import type { ApprovalRecord } from '@cerberusmesh/contract/api-approvals';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Approval, ApprovalAsk } from '../act/make-ready.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Oversight } from '../serve/routes/approvals.ts';
import type { PolicyDesk } from '../serve/routes/policy.ts';
import { createApprovals } from '../store/approvals.ts';
import type { Database } from '../store/database.ts';
import type { SettingsStore } from '../store/settings.ts';
import { type ApprovalLinks, createApprovalLinks } from './approval-links.ts';
import type { ComposedDecide } from './compose-decide.ts';
import { createKillSwitch, type KillSwitch, type Undo } from './kill-switch.ts';
import { createPolicyDesk, toPolicyRecord } from './policy-desk.ts';

export interface ComposedOversight {
  readonly desk: Oversight;
  readonly policyDesk: PolicyDesk;
  readonly links: ApprovalLinks;
  readonly killSwitch: KillSwitch;
  /** For the runner: who agreed. Actions that a policy wants asked for are not queued before somebody did. */
  approve(ask: Pick<ApprovalAsk, 'cause'>): Promise<Approval>;
  /** For the runner: why nothing of this kind may be begun. A notice still goes out: it changes nothing, and somebody should know. */
  objection(kind: ActionKind): string | undefined;
  /** For now and then: ends what nobody answered in time. */
  expire(): Promise<void>;
}

/** What people see of decisions, answer and stop. */
export function composeOversight(parts: {
  readonly config: Config;
  readonly database: Database;
  readonly installKey: Uint8Array;
  readonly settings: SettingsStore;
  readonly decider: ComposedDecide;
  readonly findApproval: (id: string) => Promise<ApprovalRecord | undefined>;
  readonly undo: readonly Undo[];
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
}): ComposedOversight {
  const { config, database, installKey, settings, decider, findApproval, undo, clock, log } = parts;
  const now = () => clock.now();
  const approvals = createApprovals({ database, now });
  const links = createApprovalLinks(installKey, publicUrlOf(config));
  const policies = createPolicyDesk({ database, now });
  const killSwitch = createKillSwitch({
    ...{ database, settings, undo, clock },
    cancelApprovals: approvals.cancelAll,
    onFailure: (error) => log.warn({ err: error }, 'The kill switch could not undo everything yet; it tries again.'),
  });
  return {
    links,
    killSwitch,
    desk: { answer, readLink: (token) => links.read(token, now()), killSwitch },
    policyDesk: {
      current: () => toPolicyRecord(decider.policyOfFile()),
      check: policies.check,
      reload: async () => toPolicyRecord(await decider.reloadPolicy()),
      dryRun: (request) => policies.dryRun(request, decider.currentPolicy()),
      explain: (id) => policies.explain(id, findApproval),
    },
    async approve({ cause }) {
      return { kind: 'granted', by: cause.decisionId === null ? null : await approvals.findApprover(cause.decisionId) };
    },
    objection: (kind) => (kind !== 'escalate' && killSwitch.isOn() ? 'The kill switch is on.' : undefined),
    async expire() {
      await approvals.expire();
    },
  };

  /** What nobody would carry out is not agreed to: whoever agreed would believe that it is done. */
  async function answer(...said: Parameters<Oversight['answer']>): ReturnType<Oversight['answer']> {
    const [id, wanted] = said;
    await settings.refresh();
    if (wanted === 'approved' && killSwitch.isOn() && (await approvals.isPending(id))) {
      throw new CerberusError('CONFLICT', 'The kill switch is on, so nothing is begun. Turn it off, and agree then.');
    }
    return await approvals.answer(...said);
  }
}

function publicUrlOf({ http }: Config): string {
  return http.publicUrl ?? `http://${http.host}:${http.port}`;
}
