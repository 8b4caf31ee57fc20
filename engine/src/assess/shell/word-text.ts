import type { ScriptNode, WordNode } from 'just-bash';
import { bounds } from './statement.ts';

type Part = WordNode['parts'][number];

/** What reading a word may ask of its surroundings. */
export interface WordScope {
  readonly variables: ReadonlyMap<string, string>;
  /** Reads a command inside a word; gives its output where that can be told without running it. */
  substitute(script: ScriptNode): string | null;
}

/** Marks where an unquoted value is split into words, as `wget${IFS}url` is. Not a character that a shell text can hold here. */
const split = '\u0000';

/** The words that one written word becomes; usually one. Unknown values stay visible as `$NAME` or `$(…)`. */
export function wordTexts(word: WordNode, scope: WordScope): string[] {
  const text = partsText(word.parts, scope, false).slice(0, bounds.wordCharacters);
  return text.includes(split) ? text.split(split).filter((piece) => piece !== '') : [text];
}

/** The same as one text, for redirection targets and assignments. */
export function wordText(word: WordNode, scope: WordScope): string {
  return wordTexts(word, scope).join(' ');
}

function partsText(parts: readonly Part[], scope: WordScope, quoted: boolean): string {
  let text = '';
  for (const part of parts) {
    if (text.length > bounds.wordCharacters) break;
    text += partText(part, scope, quoted);
  }
  return text;
}

function partText(part: Part, scope: WordScope, quoted: boolean): string {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'Escaped':
      return clean(part.value);
    case 'DoubleQuoted':
      return partsText(part.parts, scope, true);
    case 'ParameterExpansion':
      return parameterText(part, scope, quoted);
    case 'CommandSubstitution': {
      const output = scope.substitute(part.body);
      return output === null ? '$(…)' : value(output.replace(/\n+$/, ''), quoted);
    }
    case 'ProcessSubstitution':
      scope.substitute(part.body);
      return '<(…)';
    case 'TildeExpansion':
      return part.user ? `~${part.user}` : '~';
    case 'Glob':
      return part.pattern;
    case 'BraceExpansion':
      return braceText(part, scope);
    case 'ArithmeticExpansion':
      return '$((…))';
  }
}

function parameterText(part: Extract<Part, { type: 'ParameterExpansion' }>, scope: WordScope, quoted: boolean): string {
  if (part.parameter === 'IFS') return quoted ? ' ' : split;
  const known = scope.variables.get(part.parameter);
  if (known !== undefined && part.operation === null) return value(known, quoted);
  if (part.operation?.type === 'DefaultValue' && known === undefined)
    return partsText(part.operation.word.parts, scope, quoted);
  // `w${x}get` and `w$@get` are `wget` where nothing is set; positional parameters never are in what a visitor types.
  if (/^[@*0-9]$/.test(part.parameter) && part.operation === null && part.parameter !== '0') return '';
  return `$${part.parameter}`;
}

function braceText(part: Extract<Part, { type: 'BraceExpansion' }>, scope: WordScope): string {
  const items = part.items
    .slice(0, 16)
    .map((item) => (item.type === 'Word' ? partsText(item.word.parts, scope, false) : `${item.start}..${item.end}`));
  return items.join(split);
}

function value(text: string, quoted: boolean): string {
  return quoted ? clean(text) : clean(text).trim().replace(/\s+/g, split);
}

function clean(text: string): string {
  return text.replaceAll(split, '');
}
