import { z } from 'zod';
import { describeFault, parseSearch, searchCharactersMax } from './search.ts';
import type { SearchFields } from './search-fields.ts';

/** `q` of a list that has these fields: read where it arrives, and refused with the place of the fault. */
export function searchText(fields: SearchFields) {
  const names = Object.keys(fields).join(', ');
  return z
    .string()
    .max(searchCharactersMax)
    .transform((text, context) => {
      const result = parseSearch(text, fields);
      if (result.kind === 'search') return result.node;
      context.addIssue({ code: 'custom', message: describeFault(text, result.fault) });
      return z.NEVER;
    })
    .describe(`A search: severity:HIGH -user:root "a text" (a OR b). Fields: ${names}`);
}
