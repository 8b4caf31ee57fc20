import { bounds } from './statement.ts';
import { isTelling } from './tell-tale.ts';

export type ReadingBudget = ReturnType<typeof createReadingBudget>;

/** What one typed text may cost to read. Whatever is refused makes its reading a partial one. */
export function createReadingBudget() {
  let partial = false;
  let decodedCharacters = 0;
  let texts = 0;
  let tellingTexts = 0;
  let substitutions = 0;

  return { isPartial: () => partial, refuse, mayRead, mayCall, mayOpen, maySubstitute };

  function refuse(): false {
    partial = true;
    return false;
  }

  /** A text that a command holds, inside `around` others. Harmless ones that came first must not use up what one that does harm needs. */
  function mayRead(text: string, around: number): boolean {
    decodedCharacters += text.length;
    if (decodedCharacters > bounds.decodedCharacters) return refuse();
    if (mayCall(around)) return true;
    return around < bounds.depth && isTelling([text]) && tellingTexts++ < bounds.tellingTexts;
  }

  /** A function's body, which is read for each call as a text would be. */
  function mayCall(around: number): boolean {
    return (around < bounds.depth && texts++ < bounds.nestedTexts) || refuse();
  }

  /** A block or brackets inside `around` others: the parser has read them, so they are as many as were typed. */
  function mayOpen(around: number): boolean {
    return around < bounds.brackets || refuse();
  }

  function maySubstitute(around: number): boolean {
    return (around < bounds.brackets && substitutions++ < bounds.substitutions) || refuse();
  }
}
