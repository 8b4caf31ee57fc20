import { isAscii, isUtf8 } from 'node:buffer';
import type { RawLine } from '@cerberusmesh/contract/raw-line';

const CARRIAGE_RETURN = 13;

/** Text of one line's bytes; bytes that are no UTF-8 come as U+FFFD, with the original beside the text. */
export function decodeLine(bytes: Buffer, coveredBytes: number): RawLine {
  if (isAscii(bytes)) return { text: bytes.toString('latin1'), coveredBytes };
  if (isUtf8(bytes)) return { text: bytes.toString(), coveredBytes };
  // A copy: the chunk that it lies in is read into again.
  return { text: bytes.toString(), coveredBytes, bytes: Buffer.from(bytes) };
}

/** The bytes that a line was made of, its terminator left out. */
export function bytesOf(line: RawLine): Buffer {
  return line.bytes ?? Buffer.from(line.text);
}

/** The line without the `\r` of a `\r\n`. */
export function cutCarriageReturn(bytes: Buffer): Buffer {
  return bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes;
}

/** `head` is what was kept of it; the text stays empty because nobody is to read it. */
export function tooLong(head: Buffer, lineBytes: number, lineBytesMax: number, coveredBytes: number): RawLine {
  const expected = `a line of at most ${lineBytesMax} bytes, this one has ${lineBytes}; only its head is kept`;
  return { text: '', coveredBytes, bytes: head, unreadable: { reason: 'line_too_long', expected } };
}

/** A hole in the file: `keptBytes` of its NULs are kept, which say as much as all of them. */
export function nulRun(runBytes: number, keptBytes: number, coveredBytes: number): RawLine {
  const expected = `text, but ${runBytes} NUL bytes came: a hole that a crash or a truncation left in the file`;
  return { text: '', coveredBytes, bytes: Buffer.alloc(keptBytes), unreadable: { reason: 'nul_run', expected } };
}

/** The first half of a line whose rest never came. */
export function cutLine(half: RawLine): RawLine {
  const expected = 'the rest of this line, but the file was rotated or truncated before it was written';
  return { ...half, unreadable: { reason: 'cut_line', expected } };
}
