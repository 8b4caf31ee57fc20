import type { Span } from './statement.ts';

export interface ScannedWord extends Span {
  readonly text: string;
  readonly operator: boolean;
}

const operators = [
  '&&',
  '||',
  ';;',
  '|&',
  '&>>',
  '&>',
  '>>',
  '<<<',
  '<<-',
  '<<',
  '>&',
  '<&',
  '>|',
  '<>',
  ';',
  '|',
  '&',
  '>',
  '<',
  '(',
  ')',
  '\n',
];
const operatorStarts = new Set(operators.map((operator) => operator[0]));

/**
 * Splits text into words and operators with their places, never failing: an open quote ends with the text. It knows
 * nothing of grammar; it finds the places of what the parser understood, and it is the fallback for text that is no
 * valid shell. Linear in the text's length. `offset` is added to all places.
 */
export function scanWords(text: string, wordsMax: number, offset = 0): ScannedWord[] {
  const words: ScannedWord[] = [];
  let at = 0;
  while (at < text.length && words.length < wordsMax) {
    const character = text[at] ?? '';
    if (character === ' ' || character === '\t' || character === '\r') at++;
    else if (character === '#' && isLineStart(text, at)) at = endOfLine(text, at);
    else if (operatorStarts.has(character)) {
      const operator = operators.find((candidate) => text.startsWith(candidate, at)) ?? character;
      words.push({ text: operator, operator: true, start: offset + at, end: offset + at + operator.length });
      at += operator.length;
    } else {
      const { word, end } = scanWord(text, at);
      words.push({ text: word, operator: false, start: offset + at, end: offset + end });
      at = end;
    }
  }
  return words;
}

function isLineStart(text: string, at: number): boolean {
  return at === 0 || /\s|[;&|(]/.test(text[at - 1] ?? '');
}

function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline;
}

function scanWord(text: string, start: number): { word: string; end: number } {
  let at = start;
  let word = '';
  while (at < text.length) {
    const character = text[at] ?? '';
    if (/\s/.test(character) || operatorStarts.has(character)) break;
    if (character === '\\') {
      word += text[at + 1] === '\n' ? '' : (text[at + 1] ?? '');
      at += 2;
    } else if (character === "'" || character === '"') {
      const end = closingQuote(text, at + 1, character);
      word += character === '"' ? text.slice(at + 1, end).replace(/\\(["\\$`])/g, '$1') : text.slice(at + 1, end);
      at = end + 1;
    } else if (character === '`' || (character === '$' && text[at + 1] === '(')) {
      const end = character === '`' ? closingQuote(text, at + 1, '`') : closingBracket(text, at + 1);
      word += text.slice(at, end + 1);
      at = end + 1;
    } else {
      word += character;
      at++;
    }
  }
  return { word, end: Math.min(at, text.length) };
}

function closingQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\' && quote !== "'") at++;
    else if (text[at] === quote) return at;
  }
  return text.length;
}

function closingBracket(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return text.length;
}
