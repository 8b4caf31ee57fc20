import type { RawLine } from '@cerberusmesh/contract/raw-line';
import { bytesOf, cutLine, decodeLine } from './raw-lines.ts';

/**
 * What becomes of a half line at the end of one file, now that the first line of the next one is known. Cowrie before
 * July 2026 wrote an event in two pieces and could rotate between them; a crash or a truncation leaves a half whose
 * rest never comes. JSON tells them apart: two halves are whole only together, a whole first line needs no half.
 */
export function joinCutLine(half: RawLine, first: RawLine, lineBytesMax: number): RawLine[] {
  const coveredBytes = half.coveredBytes + first.coveredBytes;
  if (half.unreadable) return [half, first];
  if (half.text === '') return [{ ...first, coveredBytes }];
  if (isWhole(half.text)) return [half, first];
  if (first.unreadable || isWhole(first.text)) return [cutLine(half), first];
  const bytes = Buffer.concat([bytesOf(half), bytesOf(first)]);
  if (bytes.length <= lineBytesMax) {
    const joined = decodeLine(bytes, coveredBytes);
    if (isWhole(joined.text)) return [joined];
  }
  return [cutLine(half), first];
}

/** A line that needs no other half: one JSON object. */
export function isWhole(text: string): boolean {
  if (!text.startsWith('{')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
