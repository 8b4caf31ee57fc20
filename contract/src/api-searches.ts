import { z } from 'zod';
import { queryText } from './api.ts';
import { searchCharactersMax } from './search.ts';

export const SearchList = z.enum(['events', 'sessions', 'attackers']);
export type SearchList = z.infer<typeof SearchList>;

/** The owner is the asker: nobody sees another's searches. */
export const SavedSearch = z.object({
  id: z.string(),
  list: SearchList,
  name: z.string(),
  q: z.string(),
  columns: z.array(z.string()),
  created_at: z.string(),
});
export type SavedSearch = Readonly<z.infer<typeof SavedSearch>>;

export const SavedSearches = z.object({ data: z.array(SavedSearch) });

export const SaveSearch = z.strictObject({
  list: SearchList.default('events'),
  name: queryText(100).describe('One that is used already is replaced'),
  q: z.string().max(searchCharactersMax),
  columns: z.array(queryText(60)).max(40).default([]),
});
export type SaveSearch = Readonly<z.infer<typeof SaveSearch>>;

/** So many of one owner. */
export const savedSearchesMax = 200;
