import type { RawLine } from '@cerberusmesh/contract/raw-line';
import { joinCutLine } from './cut-line.ts';

/** Half a line that waits for the first line of the next file. */
interface Half {
  readonly line: RawLine;
  /** From file offsets. */
  readonly bytes: number;
  /** It may be found again in a copy, and then it is read there. */
  readonly mayReturn: boolean;
}

/** Keeps at most one half, until it is joined or read again. */
export function createHalfLine(lineBytesMax: number) {
  let half: Half | undefined;

  return {
    isKept: () => half !== undefined,
    keep(kept: Half): void {
      half = kept;
    },
    /** Its content is read again in a copy, where it would come twice; where that is nowhere, it is all there is. */
    forgetWhatIsReadAgain(): void {
      if (half?.mayReturn) half = undefined;
    },
    /** With the line that came after it, as one or two, and the bytes of the half alone. Nothing is kept then. */
    join(next: RawLine): { readonly lines: readonly RawLine[]; readonly bytes: number } | undefined {
      const kept = half;
      half = undefined;
      return kept && { lines: joinCutLine(kept.line, next, lineBytesMax), bytes: kept.bytes };
    },
  };
}
