import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LureBook } from '@cerberusmesh/contract/lure';

const path = fileURLToPath(new URL('../../../../../policy/lures/default.json', import.meta.url));

/** What may be planted, and for whom. Read once, when the program starts. */
export const lureBook: LureBook = LureBook.parse(JSON.parse(readFileSync(path, 'utf8')));
