/** Bytes of the stream within a file of the spool. */
export interface Frame {
  /** In the stream. */
  readonly start: number;
  readonly bytes: number;
  /** In the file. */
  readonly at: number;
}

const newline = 10;

/** What stands before a frame's bytes: one line of JSON. */
export function frameHead(bytes: number, position: unknown): Buffer {
  return Buffer.from(`${JSON.stringify({ bytes, position })}\n`);
}

/** The whole frames of a file that begins at `start` of the stream, and the position behind the last. */
export function indexFrames(file: Buffer, start: number) {
  const frames: Frame[] = [];
  let end = start;
  let wholeBytes = 0;
  let position: unknown;
  for (;;) {
    const headEnd = file.indexOf(newline, wholeBytes);
    const head = headEnd < 0 ? undefined : parseHead(file.toString('utf8', wholeBytes, headEnd));
    if (!head || headEnd + 1 + head.bytes > file.length) break;
    frames.push({ start: end, bytes: head.bytes, at: headEnd + 1 });
    end += head.bytes;
    wholeBytes = headEnd + 1 + head.bytes;
    position = head.position;
  }
  return { frames, end, wholeBytes, position };
}

function parseHead(text: string): { readonly bytes: number; readonly position: unknown } | undefined {
  try {
    const head: unknown = JSON.parse(text);
    if (typeof head !== 'object' || head === null || !('bytes' in head) || !('position' in head)) return undefined;
    const { bytes, position } = head;
    return typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0 ? { bytes, position } : undefined;
  } catch {
    return undefined;
  }
}
