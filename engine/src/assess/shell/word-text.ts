import type { ScriptNode, WordNode } from 'just-bash';
import { outputAsFile } from './memory.ts';
import { parameterValue } from './parameter-text.ts';
import { bounds } from './statement.ts';

type Part = WordNode['parts'][number];

/** What reading a word may ask of its surroundings. */
export interface WordScope {
  readonly variables: ReadonlyMap<string, string>;
  /** Reads a command inside a word; gives its output where that can be told without running it. */
  substitute(script: ScriptNode): string | null;
  /** Reads the commands of `<(…)`. */
  feed(script: ScriptNode): void;
  /** Reads the commands inside a sum. */
  sum(sum: Extract<Part, { type: 'ArithmeticExpansion' }>['expression']): void;
  /** Reads the commands inside an array's index. */
  index(name: string): void;
  /** Where what is not set is nothing; elsewhere its name says more. */
  readonly unsetIsEmpty?: boolean;
}

/** Marks where an unquoted value is split into words, as `wget${IFS}url` is. Not a character that a shell text can hold here. */
const split = '\u0000';

/** The words of a command's name, where letters around a variable say that nothing is meant to stand there: `w${x}get`. */
export function nameTexts(word: WordNode, scope: WordScope): string[] {
  const [first, ...others] = word.parts;
  const glued = others.length > 0 && first?.type === 'Literal' && /^[a-z]/.test(first.value);
  return wordTexts(word, glued ? { ...scope, unsetIsEmpty: true } : scope);
}

/** The words that one written word becomes; usually one. Unknown values stay visible as `$NAME` or `$(…)`. */
export function wordTexts(word: WordNode, scope: WordScope): string[] {
  const texts = word.parts.some(({ type }) => type === 'BraceExpansion')
    ? bracedTexts(word.parts, scope)
    : [partsText(word.parts, scope, false)];
  const bounded = texts.map((text) => text.slice(0, bounds.wordCharacters));
  return bounded.flatMap((text) => (text.includes(split) ? text.split(split).filter((piece) => piece !== '') : [text]));
}

const bracedMax = 16;

/** `w{get,x}` is two words, `{cat,/etc/passwd}` a command with its argument. */
function bracedTexts(parts: readonly Part[], scope: WordScope): string[] {
  let texts = [''];
  for (const part of parts) {
    const items = part.type === 'BraceExpansion' ? braceItems(part, scope) : [partText(part, scope, false)];
    texts = texts.flatMap((text) => items.map((item) => text + item)).slice(0, bracedMax);
  }
  return texts.filter((text) => text !== '');
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
      if (part.body.statements.length === 0) return '';
      const output = scope.substitute(part.body);
      return output === null ? '$(…)' : value(output.replace(/\n+$/, ''), quoted);
    }
    case 'ProcessSubstitution':
      scope.feed(part.body);
      return outputAsFile;
    case 'TildeExpansion':
      return part.user ? `~${part.user}` : '~';
    case 'Glob':
      return part.pattern;
    case 'BraceExpansion':
      return braceItems(part, scope).join(split);
    case 'ArithmeticExpansion':
      scope.sum(part.expression);
      return '$((…))';
  }
}

function parameterText(part: Extract<Part, { type: 'ParameterExpansion' }>, scope: WordScope, quoted: boolean): string {
  if (part.parameter === 'IFS') return quoted ? ' ' : split;
  if (part.parameter.includes('[')) scope.index(part.parameter);
  const known = parameterValue(part, scope.variables, (word) => partsText(word.parts, scope, quoted));
  // `"$@"` and `"${a[@]}"` are as many words as they hold, quoted or not.
  if (known !== null) return value(known, quoted && !/(?:^|\[)[@*]\]?$/.test(part.parameter));
  // `w$@get` is `wget`; what a visitor types has no words of its own.
  if (/^[@*0-9]$/.test(part.parameter) && part.operation === null && part.parameter !== '0') return '';
  return scope.unsetIsEmpty && /^[a-z]\w*$/.test(part.parameter) ? '' : `$${part.parameter}`;
}

function braceItems(part: Extract<Part, { type: 'BraceExpansion' }>, scope: WordScope): string[] {
  return part.items
    .slice(0, bracedMax)
    .map((item) => (item.type === 'Word' ? partsText(item.word.parts, scope, false) : `${item.start}..${item.end}`));
}

function value(text: string, quoted: boolean): string {
  return quoted ? clean(text) : clean(text).trim().replace(/\s+/g, split);
}

function clean(text: string): string {
  return text.replaceAll(split, '');
}
