import type { RawLine } from '@cerberusmesh/contract/raw-line';
import type { Framing } from '../listen/listen-tcp.ts';
import { cutLine, tooLong } from '../raw-lines.ts';

export const messageBytesMax = 256 * 1024;
const keptBytes = 64 * 1024;
const NEWLINE = 10;
const RETURN = 13;
const NUL = 0;

/**
 * Messages on a stream (RFC 6587): counted (`120 <34>1 …`), or ended by a newline or, as Python does, by NUL. What is
 * covered by nobody else is covered by the next message.
 */
export function frameSyslog(toLine: (message: Buffer, coveredBytes: number) => RawLine): Framing {
  let pending = Buffer.alloc(0);
  let uncovered = 0;
  let isSkipping = false;

  return {
    push(chunk) {
      pending = pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([pending, chunk]);
      const lines: RawLine[] = [];
      for (let line = next(); line !== undefined; line = next()) if (line !== null) lines.push(line);
      return lines;
    },
    end() {
      const rest = pending;
      if (isSkipping || rest.length === 0) return [];
      return [cutLine(toLine(rest, uncovered + rest.length))];
    },
  };

  /** Undefined where more bytes are needed; null where something was passed over. */
  function next(): RawLine | null | undefined {
    skipEnds();
    if (isSkipping) return skipRest();
    const counted = /^(\d{1,9}) /.exec(pending.subarray(0, 10).toString('latin1'));
    if (counted) return takeCounted(counted[0].length, Number(counted[1]));
    const end = pending.findIndex((byte) => byte === NEWLINE || byte === NUL);
    if (end === -1) return pending.length > messageBytesMax ? giveUp(pending.length) : undefined;
    if (end > messageBytesMax) return tooLongUpTo(end + 1);
    const ended = pending[end - 1] === RETURN ? end - 1 : end;
    return take(0, ended, end + 1);
  }

  function takeCounted(start: number, length: number): RawLine | undefined {
    if (length > messageBytesMax) return giveUp(start);
    return pending.length < start + length ? undefined : take(start, start + length, start + length);
  }

  function take(start: number, end: number, covered: number): RawLine {
    const message = pending.subarray(start, end);
    pending = pending.subarray(covered);
    const coveredBytes = uncovered + covered;
    uncovered = 0;
    return toLine(message, coveredBytes);
  }

  function giveUp(bytes: number): RawLine {
    isSkipping = true;
    return tooLongUpTo(bytes);
  }

  function tooLongUpTo(bytes: number): RawLine {
    const head = Buffer.from(pending.subarray(0, keptBytes));
    const line = tooLong(head, bytes, messageBytesMax, uncovered + bytes);
    pending = pending.subarray(bytes);
    uncovered = 0;
    return line;
  }

  /** To the next newline: where a counted message was too long, nobody knows where the next one begins. */
  function skipRest(): null | undefined {
    const end = pending.indexOf(NEWLINE);
    const bytes = end === -1 ? pending.length : end + 1;
    uncovered += bytes;
    pending = pending.subarray(bytes);
    isSkipping = end === -1;
    return end === -1 ? undefined : null;
  }

  function skipEnds(): void {
    if (isSkipping) return;
    let at = 0;
    while (pending[at] === NEWLINE || pending[at] === NUL || pending[at] === RETURN) at++;
    uncovered += at;
    pending = pending.subarray(at);
  }
}
