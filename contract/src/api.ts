import { z } from 'zod';
import { errorCatalogue } from './errors.ts';

/** What every answer with a status of 400 or more looks like. `details` is only there for the asker's own mistakes. */
export const ErrorBody = z.object({
  error: z.object({
    code: z.string().describe(`One of: ${Object.keys(errorCatalogue).join(', ')}`),
    message: z.string(),
    details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    request_id: z.string(),
  }),
});
export type ErrorBody = Readonly<z.infer<typeof ErrorBody>>;

/** A list, newest or gravest first; `next_cursor` is null at its end. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() });
}

export interface Page<Item> {
  readonly data: Item[];
  readonly next_cursor: string | null;
}

export const limitMax = 1000;

/** Text that a question carries into the database: U+0000 would make PostgreSQL refuse the whole statement. */
export function queryText(lengthMax: number) {
  return z
    .string()
    .min(1)
    .max(lengthMax)
    .refine((text) => !text.includes('\u0000'), 'must not hold U+0000');
}

/** Opaque: only what a previous answer's `next_cursor` said. */
export const Cursor = queryText(512).describe('The next_cursor of the answer before');

/** How many items of a list are wanted: 1 to `limitMax`. */
export function limitOf(limitDefault: number) {
  return z.coerce.number().int().min(1).max(limitMax).default(limitDefault);
}

export const paging = {
  limit: limitOf(100),
  cursor: Cursor.optional(),
} as const;

/** A moment (`2026-11-22T10:00:00Z`, any offset) or a whole day (`2026-11-22`, in UTC). */
export const Moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** `from` is inclusive, `to` exclusive; the seed's `start_date` and `end_date` say the same. */
export const period = {
  from: Moment.optional(),
  to: Moment.optional().describe('Exclusive; a whole day is included'),
  start_date: Moment.optional().describe('The same as from'),
  end_date: Moment.optional().describe('The same as to'),
} as const;

const dayMs = 86_400_000;

/** Turns the four names of a period into two bounds in milliseconds since 1970. */
export function periodBounds(query: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
}): { readonly fromMs: number | null; readonly toMs: number | null } {
  const from = query.from ?? query.start_date;
  const to = query.to ?? query.end_date;
  return {
    fromMs: from === undefined ? null : Date.parse(from),
    toMs: to === undefined ? null : Date.parse(to) + (isWholeDay(to) ? dayMs : 0),
  };
}

/** `?include_probe=true`: our own probe's visits too. Words, because `z.coerce.boolean` calls "false" true. */
export const Flag = z.enum(['true', 'false', '1', '0']).transform((word) => word === 'true' || word === '1');

function isWholeDay(moment: string): boolean {
  return moment.length === '2026-11-22'.length;
}
