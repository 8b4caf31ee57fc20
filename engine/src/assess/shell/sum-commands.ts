/** The texts of the commands that a sum holds: `$(…)` and backticks, which a shell runs before it counts. */
export function sumCommands(sum: unknown): string[] {
  const commands: string[] = [];
  // A sum of 4,000 terms nests as deep: a function that calls itself for each ends the stack.
  const waiting = [sum];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (typeof node !== 'object' || node === null) continue;
    if ('type' in node && node.type === 'ArithCommandSubst') {
      if ('command' in node && typeof node.command === 'string') commands.push(node.command);
    } else for (const value of Object.values(node)) waiting.push(value);
  }
  // What was found last stands first.
  return commands.reverse();
}
