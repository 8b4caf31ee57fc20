import type { DecisionDetails } from '@cerberusmesh/contract/api-policy';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { Command } from 'commander';
import { withDatabase } from '../compose/open-for-command.ts';
import { createPolicyDesk } from '../compose/policy-desk.ts';
import type { ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { printable } from '../kit/printable.ts';
import { createApprovalReads } from '../store/read/approvals.ts';
import { createReader } from '../store/read/reader.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

/** `cerberus explain ID`: a past decision in sentences, with each rule of that time against what was known. */
export function explainCommand(io: CommandIo): Command {
  return addConfigOptions(new Command('explain'))
    .description('say why something was decided, or not done')
    .argument('<id>', 'as GET /api/decisions shows it')
    .option('--json', 'all that it was made of, as JSON')
    .action(async (id: string, { json, ...flags }: ConfigFlags & { json?: boolean }) => {
      const config = readCommandConfig(flags);
      await withDatabase({ config, stderr: io.stderr, role: 'explain' }, async (database) => {
        const { findApproval } = createApprovalReads(createReader(database.pool));
        const desk = createPolicyDesk({ database, now: () => systemClock.now() });
        const details = isId(id) ? await desk.explain(id, findApproval) : undefined;
        if (!details) throw new CerberusError('NOT_FOUND', `No decision has the id ${JSON.stringify(id)}.`);
        io.stdout.write(json === true ? `${JSON.stringify(details)}\n` : tell(details));
      });
    });
}

function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

function tell({ explanation, rules, approval }: DecisionDetails): string {
  const asked = approval
    ? [`Approval: ${approval.status}${approval.answered_by ? ` by ${approval.answered_by}` : ''}.`]
    : [];
  return [
    printable(explanation),
    ...asked.map(printable),
    ...rules.flatMap(({ rule, decision, holds, conditions }) => [
      `${holds ? '✓' : '·'} ${rule} → ${decision}`,
      ...conditions.map(
        (one) => `    ${one.holds ? '✓' : '✗'} ${one.condition} ${short(one.wanted)}, came ${short(one.came)}`,
      ),
    ]),
    '',
  ].join('\n');
}

/** What came may be what an attacker typed. */
function short(value: unknown): string {
  const text = printable(JSON.stringify(value) ?? 'nothing');
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
