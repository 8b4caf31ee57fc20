import type { LineBatch, RawLine } from '@cerberusmesh/contract/raw-line';
import { entryBytesMax, type LineExtras, StreamEntry } from '@cerberusmesh/contract/stream';
import type { SealBox } from '../../kit/seal-box.ts';

/** A part of a feed as a worker has it in hand. */
export interface FeedPart {
  readonly feedId: string;
  readonly part: number;
  readonly source: StreamEntry['source'];
  readonly lines: readonly RawLine[];
  readonly readBytes: number;
}

/** The bytes of an entry. They are bound to their partition: an entry that was moved elsewhere does not open. */
export function sealEntry(
  { feedId, part, source, lines, readBytes }: FeedPart,
  partition: number,
  box: SealBox,
): Buffer {
  const { sensor, receivedEpochMs } = lines[0] ?? {};
  const known = defined({ sensor, receivedEpochMs });
  const odd: StreamEntry['odd'] = [];
  for (const [at, line] of lines.entries()) {
    const isUsual = line.bytes === undefined && line.unreadable === undefined && line.eventId === undefined;
    if (!isUsual || line.sensor !== sensor || line.receivedEpochMs !== receivedEpochMs) odd.push([at, extrasOf(line)]);
  }
  const entry: StreamEntry = {
    feed: feedId,
    part,
    source,
    readBytes,
    texts: lines.map(({ text }) => text),
    coveredBytes: lines.map(({ coveredBytes }) => coveredBytes),
    known,
    odd,
  };
  return box.seal(Buffer.from(JSON.stringify(entry)), placeOf(partition));
}

/** Undefined where it is none of ours: another key, another version, a stranger's. */
export function openEntry(sealed: Buffer, partition: number, box: SealBox): FeedPart | undefined {
  if (sealed.length > entryBytesMax) return undefined;
  const text = box.open(sealed, placeOf(partition))?.toString();
  const entry = StreamEntry.safeParse(parsed(text)).data;
  if (entry === undefined || entry.coveredBytes.length !== entry.texts.length) return undefined;
  const known = fieldsOf(entry.known);
  const odd = new Map(entry.odd.map(([at, extras]) => [at, fieldsOf(extras)]));
  return {
    feedId: entry.feed,
    part: entry.part,
    source: entry.source,
    readBytes: entry.readBytes,
    lines: entry.texts.map((text, at) => ({
      text,
      coveredBytes: entry.coveredBytes[at] ?? 0,
      ...(odd.get(at) ?? known),
    })),
  };
}

/** What of a batch goes to each partition. The first takes what reading moved over besides the lines. */
export function splitBatch(
  { lines, readBytes }: LineBatch,
  partitionOf: (line: RawLine) => number,
): Map<number, { lines: RawLine[]; readBytes: number }> {
  const shares = new Map<number, { lines: RawLine[]; readBytes: number }>();
  let beside = readBytes;
  for (const line of lines) {
    const partition = partitionOf(line);
    let share = shares.get(partition);
    if (share === undefined) {
      share = { lines: [], readBytes: 0 };
      shares.set(partition, share);
    }
    share.lines.push(line);
    share.readBytes += line.coveredBytes;
    beside -= line.coveredBytes;
  }
  const [first] = shares.values();
  if (first) first.readBytes += beside;
  return shares;
}

function placeOf(partition: number): string {
  return `partition ${partition}`;
}

function extrasOf({ text: _text, coveredBytes: _covered, bytes, ...more }: RawLine): LineExtras {
  return bytes === undefined ? more : { ...more, bytes: bytes.toString('base64') };
}

/** Made once for all lines of an entry that share it. */
function fieldsOf({
  bytes,
  unreadable,
  sensor,
  receivedEpochMs,
  eventId,
}: LineExtras): Omit<RawLine, 'text' | 'coveredBytes'> {
  return defined({
    bytes: bytes === undefined ? undefined : Buffer.from(bytes, 'base64'),
    ...{ unreadable, sensor, receivedEpochMs, eventId },
  });
}

/** The same without what is undefined. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // `as`: what is left out is what the type leaves out.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof defined<T>
  >;
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
