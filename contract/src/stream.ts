import { z } from 'zod';
import type { ParkReason, RawLine } from './raw-line.ts';

/** Of one entry. A line has at most 16 MB, and a part is cut from a batch of about 128 KB. */
export const entryBytesMax = 64 * 1024 * 1024;

const reasons = {
  not_json: true,
  not_an_object: true,
  no_eventid: true,
  bad_timestamp: true,
  future_timestamp: true,
  bad_shape: true,
  cut_line: true,
  line_too_long: true,
  nul_run: true,
  refused_by_database: true,
} as const satisfies Record<ParkReason, true>;

const LineExtras = z.strictObject({
  bytes: z.base64().optional(),
  unreadable: z
    .strictObject({
      // `as`: Object.keys forgets the names.
      reason: z.enum(Object.keys(reasons) as [ParkReason, ...ParkReason[]]),
      expected: z.string().max(1000),
    })
    .optional(),
  sensor: z.string().max(1000).optional(),
  receivedEpochMs: z.number().optional(),
  eventId: z.uuid().optional(),
} satisfies Record<Exclude<keyof RawLine, 'text' | 'coveredBytes'>, z.ZodType>);

/** What the roles hand to each other over a stream: one part of a feed, with the lines of one partition in their order. */
export const StreamEntry = z.strictObject({
  feed: z.uuid(),
  /** From 1, without gaps within the feed's partition. */
  part: z.number().int().min(1),
  source: z.strictObject({ sourceId: z.string(), kind: z.string(), place: z.string() }),
  /** This part's share of what reading moved over. */
  readBytes: z.number().int(),
  texts: z.array(z.string()),
  coveredBytes: z.array(z.number().int().min(0)),
  /** Of all lines, unless `odd` says otherwise. */
  known: LineExtras,
  odd: z.array(z.tuple([z.number().int().min(0), LineExtras])),
});
export type StreamEntry = z.infer<typeof StreamEntry>;
export type LineExtras = z.infer<typeof LineExtras>;

/** How far a partition of a feed is stored, and what became of its lines. */
export interface FeedPosition {
  readonly feedId: string;
  readonly partition: number;
  readonly stored: number;
  readonly linesStored: number;
  readonly linesDuplicate: number;
  readonly linesParked: number;
  readonly lastEventAt: Date | null;
}
