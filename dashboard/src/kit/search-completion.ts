import type { SearchFields } from '@cerberusmesh/contract/search-fields';

export interface Completion {
  /** What takes the place of the word at the caret. */
  readonly text: string;
  readonly does: string;
}

export interface Completions {
  /** Where that word begins. */
  readonly at: number;
  readonly options: readonly Completion[];
}

const optionsMax = 8;

/** What may stand at the caret: names of fields, or the values that a field chooses from. */
export function completionsAt(text: string, caret: number, fields: SearchFields): Completions {
  const word = /[^\s()"-][^\s()"]*$/.exec(text.slice(0, caret))?.[0] ?? '';
  const colon = word.indexOf(':');
  const at = caret - word.length;
  if (colon < 0) return { at, options: word === '' ? [] : namesFrom(word, fields) };
  const name = word.slice(0, colon).toLowerCase();
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const said = word.slice(colon + 1);
  // After a comma the next value begins.
  const value = said.slice(said.lastIndexOf(',') + 1);
  const options = (field?.choices ?? [])
    .filter((choice) => choice.toLowerCase().startsWith(value.toLowerCase()) && choice !== value)
    .map((choice) => ({ text: choice, does: '' }));
  return { at: caret - value.length, options };
}

function namesFrom(word: string, fields: SearchFields): readonly Completion[] {
  return Object.entries(fields)
    .filter(([name]) => name.startsWith(word.toLowerCase()))
    .slice(0, optionsMax)
    .map(([name, { does }]) => ({ text: `${name}:`, does }));
}

/** The text with the completion in it, and where the caret then stands. */
export function complete(
  text: string,
  caret: number,
  at: number,
  option: Completion,
): { readonly text: string; readonly caret: number } {
  const space = option.text.endsWith(':') || text.slice(caret).startsWith(' ') ? '' : ' ';
  const before = `${text.slice(0, at)}${option.text}${space}`;
  return { text: before + text.slice(caret), caret: before.length };
}
