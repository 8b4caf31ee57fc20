import type { ParkedLine, ParkReason } from '@cerberusmesh/contract/raw-line';

/** So many of a batch have a row each, that a person may look at one by one. */
export const parkedAloneMax = 16;
/** A row that holds many lines ends before this; a longer line has a row of its own. */
const packedBytesMax = 64 * 1024;

/** What one row of `parked_lines` keeps. */
export interface ParkedRow extends Omit<ParkedLine, 'reason'> {
  readonly reason: ParkReason | 'many_lines';
  /** Of each line that it holds, where it holds many: how many bytes. A line feed is between any two. */
  readonly lineBytes: readonly number[] | null;
}

/**
 * Rubbish comes in runs: a hole in a file, a binary written into a log. Its NULs and line feeds make a line of every other
 * byte, and with a row for each a writer of 300 bytes had 300 rows, some hundred times what he wrote. So beyond the first
 * few of a batch lines share rows; none of their bytes is dropped, and each can be read again.
 */
export function packParked(lines: readonly ParkedLine[]): readonly ParkedRow[] {
  const rows: ParkedRow[] = lines.slice(0, parkedAloneMax).map(alone);
  let pack: ParkedLine[] = [];
  let packBytes = 0;
  for (const line of lines.slice(parkedAloneMax)) {
    if (packBytes + line.bytes.length > packedBytesMax) closePack();
    pack.push(line);
    packBytes += line.bytes.length + 1;
  }
  closePack();
  return rows;

  function closePack(): void {
    rows.push(...(pack.length > 1 ? [together(pack)] : pack.map(alone)));
    pack = [];
    packBytes = 0;
  }
}

/** The lines that a row holds, as they were. */
export function unpackParked(bytes: Buffer, lineBytes: readonly number[] | null): readonly Buffer[] {
  if (lineBytes === null) return [bytes];
  let at = 0;
  return lineBytes.map((length) => {
    const line = bytes.subarray(at, at + length);
    at += length + 1;
    return line;
  });
}

function alone(line: ParkedLine): ParkedRow {
  return { ...line, lineBytes: null };
}

const lineFeed = Buffer.from('\n');

function together(lines: readonly ParkedLine[]): ParkedRow {
  const reasons = new Map<string, number>();
  for (const { reason } of lines) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const counted = [...reasons].map(([reason, count]) => `${count} ${reason}`).join(', ');
  return {
    reason: 'many_lines',
    explanation: `${lines.length} lines of one stretch could not be read (${counted}). The first: ${lines[0]?.explanation}`,
    bytes: Buffer.concat(lines.flatMap(({ bytes }, at) => (at === 0 ? [bytes] : [lineFeed, bytes]))),
    coveredBytes: lines.reduce((sum, line) => sum + line.coveredBytes, 0),
    lineBytes: lines.map(({ bytes }) => bytes.length),
  };
}
