import type { ActionDeclaration } from '@cerberusmesh/contract/action';
import type { ActionRecord } from '@cerberusmesh/contract/api-actions';
import type { AdaptationRecord } from '@cerberusmesh/contract/api-decisions';
import { counted } from '../kit/counted.ts';
import { printable } from '../kit/printable.ts';
import { describeAction } from '../serve/routes/actions.ts';
import { tellParameters } from './tell-parameters.ts';

/** One line of the help text. */
export function lineOf({ kind, does }: ActionDeclaration): string {
  return `  ${kind.padEnd(14)}${does}`;
}

/** What a kind of action does, needs and takes. */
export function tellKind(declaration: ActionDeclaration): string {
  const { kind, does, needs, parameters, example, undo, deadline_seconds, budget_per_hour } =
    describeAction(declaration);
  return [
    `${kind}: ${does}`,
    ...needs.map((need) => `Needs: ${need}`),
    ...tellParameters(parameters),
    `Example: cerberus actions request ${kind} --reason … --parameters '${JSON.stringify(example)}'`,
    `Undone: ${undo}`,
    `At most ${counted(deadline_seconds, 'second')}, and ${budget_per_hour} in an hour.`,
    '',
  ].join('\n');
}

/** All that became of one. */
export function tellOne(action: ToldAction): string {
  const { requested_by, reason, steps, verification, error, undo_error, expires_at } = action;
  const seen = verification === null ? [] : [`Seen: ${JSON.stringify(verification)}`];
  return [
    toLine(action),
    `Asked for by ${requested_by}: ${reason}`,
    ...steps.map(({ at, name, details }) => `${at} ${name} ${JSON.stringify(details)}`),
    ...seen,
    ...(error === null ? [] : [`Error: ${error}`]),
    ...(undo_error === null ? [] : [`Not taken back yet: ${undo_error}`]),
    ...(expires_at === null ? [] : [`Until ${expires_at}`]),
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');
}

/** One line of a list. */
export function toLine({ id, created_at, kind, target, status, error }: ToldAction): string {
  return printable([id, created_at, kind, target, status, error ?? ''].join('  ').trimEnd());
}

/** What is told of a row of `actions` or of `adaptations`. */
export interface ToldAction
  extends Pick<ActionRecord, 'id' | 'created_at' | 'kind' | 'target' | 'status' | 'requested_by' | 'reason' | 'steps'>,
    Pick<ActionRecord, 'verification' | 'error' | 'undo_error' | 'expires_at'> {}

/** An adaptation among the actions. */
export function toTold(adaptation: AdaptationRecord): ToldAction {
  const { action_type, sensor } = adaptation;
  return { ...adaptation, kind: 'insert_trap', target: `${action_type} on ${sensor}` };
}
