import { wordsFor } from '@cerberusmesh/contract/decision-words';
import type { Policy, PolicyRule } from '@cerberusmesh/contract/policy';
import { actionDeclarations } from '../compose/action-declarations.ts';
import { counted } from '../kit/counted.ts';

/** What each rule would do, in the order in which they are asked; then what their actions do and need. */
export function tellPolicy({ rules, guards }: Policy): string {
  const kinds = new Set<string>(rules.flatMap((rule) => (isIdle(rule) ? [] : [rule.decision, ...rule.also])));
  const used = actionDeclarations.filter(({ kind }) => kinds.has(kind));
  return [
    ...rules.map((rule) => `  ${rule.id}: ${doingOf(rule, guards.approvalMinutes[rule.decision])}`),
    'Of each kind of decision the first rule that holds is taken. What these do:',
    ...used.flatMap(({ kind, does, needs }) => [`  ${kind}: ${does}`, ...needs.map((need) => `    needs ${need}`)]),
    '',
  ].join('\n');
}

/** It says that nothing more than watching is done. */
function isIdle({ decision, lastsMinutes }: PolicyRule): boolean {
  return decision === 'monitor' && lastsMinutes === undefined;
}

function doingOf(rule: PolicyRule, usualApprovalMinutes: number | undefined): string {
  if (isIdle(rule)) return 'nothing but watching';
  const { alsoParameters = {}, lastsMinutes, approvalMinutes = usualApprovalMinutes, choose } = rule;
  return [
    wordsFor({ ...rule, alsoParameters }),
    ...(choose === 'one' ? ['one of these, the one that visitors touch most'] : []),
    ...(lastsMinutes === undefined ? [] : [`for ${counted(lastsMinutes, 'minute')}`]),
    ...(approvalMinutes === undefined ? [] : [`once a person agrees within ${counted(approvalMinutes, 'minute')}`]),
  ].join(', ');
}
