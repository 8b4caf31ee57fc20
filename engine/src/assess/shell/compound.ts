import type { CommandNode, StatementNode } from 'just-bash';

/** What the heads of compound commands are called as statements. */
export const compoundNames = {
  For: 'for',
  CStyleFor: 'for',
  While: 'while',
  Until: 'until',
  If: 'if',
  Case: 'case',
  Subshell: '(',
  Group: '{',
  ConditionalCommand: '[[',
  ArithmeticCommand: '((',
  FunctionDef: 'function',
} satisfies Record<Exclude<CommandNode['type'], 'SimpleCommand'>, string>;

/** The lists of statements that a compound command may run; none of a simple one. */
export function bodiesOf(command: CommandNode): readonly StatementNode[][] {
  switch (command.type) {
    case 'If':
      return [...command.clauses.flatMap(({ condition, body }) => [condition, body]), command.elseBody ?? []];
    case 'While':
    case 'Until':
      return [command.condition, command.body];
    case 'Case':
      return command.items.map(({ body }) => body);
    case 'FunctionDef':
      return bodiesOf(command.body);
    case 'For':
    case 'CStyleFor':
    case 'Subshell':
    case 'Group':
      return [command.body];
    default:
      return [];
  }
}
