import type { LineBatch, RawLine } from '@cerberusmesh/contract/raw-line';
import { createLineSplitter, type LineSplitter } from './line-splitter.ts';

/** As of a followed log: small enough that assessing a batch does not hold the API up. */
const batchBytes = 128 * 1024;

/** Cuts a whole body from `start` on into batches; each holds the position that is true when it is durable. */
export function* cutBatches(
  sourceId: string,
  body: Buffer,
  start: number,
  positionAt: (durableBytes: number) => unknown,
): Generator<LineBatch> {
  // No line of a body can be too long: the body's own bound lies below a log's bound for a line.
  const splitter = createLineSplitter({ lineBytesMax: body.length });
  let covered = start;
  for (let at = start; at < body.length; at += batchBytes) {
    const chunk = body.subarray(at, at + batchBytes);
    const lines = splitter.push(chunk);
    const readTo = at + chunk.length;
    if (readTo === body.length) lines.push(...endOf(splitter));
    const coveredNow = readTo - (readTo === body.length ? 0 : splitter.pendingBytes());
    if (lines.length === 0) continue;
    yield { sourceId, lines, position: positionAt(coveredNow), readBytes: coveredNow - covered };
    covered = coveredNow;
  }
}

/** A body's last line is whole, with or without its newline. */
function endOf(splitter: LineSplitter): RawLine[] {
  const last = splitter.end();
  return last === null ? [] : [last];
}
