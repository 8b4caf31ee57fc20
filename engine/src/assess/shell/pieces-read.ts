import { bounds } from './statement.ts';

/** A part of a text that is read as shell, and where it begins. */
export interface ReadPiece {
  readonly text: string;
  /** In characters of the whole text. */
  readonly from: number;
}

/**
 * What is read of a text: all of it, or the head and the end of one that is longer than the bound. Whoever packs a program into a
 * line says only at the end what becomes of it (`echo <20 KB> | base64 -d | bash`), and blanks before a command cost nothing.
 */
export function piecesRead(text: string): ReadPiece[] {
  if (text.length <= bounds.parsedCharacters) return [{ text, from: 0 }];
  const from = Math.max(0, text.search(/\S/));
  const headEnd = from + bounds.parsedCharacters;
  const head = { text: text.slice(from, headEnd), from };
  const endFrom = Math.max(headEnd, text.length - bounds.endCharacters);
  // The end may begin within a word or a quote; what follows the first separator is a command again.
  const separator = text.slice(endFrom).search(/[;|&\n]/);
  return separator < 0 ? [head] : [head, { text: text.slice(endFrom + separator), from: endFrom + separator }];
}
