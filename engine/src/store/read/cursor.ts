import type { Page } from '@cerberusmesh/contract/api';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';

/**
 * A cursor names the last row that was given, by the columns that the list is sorted by, so what is inserted
 * meanwhile moves nothing. `list` says which list and order it belongs to: it is refused everywhere else.
 */
export function createCursor<const Keys extends readonly [z.ZodType, ...z.ZodType[]]>(list: string, keys: Keys) {
  const form = z.strictObject({ list: z.literal(list), keys: z.tuple(keys) });
  return {
    encode: (given: z.output<z.ZodTuple<Keys>>): string =>
      Buffer.from(JSON.stringify({ list, keys: given })).toString('base64url'),

    /** @throws CerberusError BAD_CURSOR where `cursor` is not one of this list. */
    decode(cursor: string): z.output<z.ZodTuple<Keys>> {
      const parsed = form.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
      if (parsed.success) return parsed.data.keys;
      throw new CerberusError('BAD_CURSOR', 'Send the next_cursor of the answer before, unchanged, to the same list.');
    },
  };
}

/** Kinds of keys. Looser than `z.uuid()`, which refuses ids that PostgreSQL takes. */
export const cursorId = z.guid();
export const cursorTime = z.iso.datetime();
export const cursorCount = z.number().int().nonnegative();

/** `rows` holds one row more than `limit` where there is a next page. */
export function toPage<Row>(rows: readonly Row[], limit: number, cursorOf: (last: Row) => string): Page<Row> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { data: shown, next_cursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
