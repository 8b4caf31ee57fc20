import type { CommandNode, WordNode } from 'just-bash';

type Condition = Extract<CommandNode, { type: 'ConditionalCommand' }>['expression'];

/** The words that a compound command compares: those of `[[ … ]]`, and of `case` with its patterns. */
export function comparedWords(command: CommandNode): readonly WordNode[] {
  if (command.type === 'ConditionalCommand') return conditionWords(command.expression);
  if (command.type === 'Case') return [command.word, ...command.items.flatMap(({ patterns }) => patterns)];
  return [];
}

function conditionWords(condition: Condition): readonly WordNode[] {
  const words: WordNode[] = [];
  // Thousands of `&&` nest as deep: a function that calls itself for each ends the stack.
  const waiting: (Condition | WordNode)[] = [condition];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'Word') words.push(node);
    else waiting.push(...sidesOf(node).toReversed());
  }
  return words;
}

function sidesOf(condition: Condition): readonly (Condition | WordNode)[] {
  switch (condition.type) {
    case 'CondBinary':
    case 'CondAnd':
    case 'CondOr':
      return [condition.left, condition.right];
    case 'CondUnary':
    case 'CondNot':
      return [condition.operand];
    case 'CondGroup':
      return [condition.expression];
    case 'CondWord':
      return [condition.word];
  }
}
