import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Lost = z.object({ times: z.number(), bytes: z.number() });

/** What can never be shipped, counted since the enrolment; kept over restarts. */
export function openLosses(dir: string) {
  const file = join(dir, 'lost.json');
  let lost = read(file);
  return {
    count: () => lost,
    add(bytes: number): void {
      lost = { times: lost.times + 1, bytes: lost.bytes + bytes };
      writeFileSync(`${file}.new`, JSON.stringify(lost), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}

function read(file: string): Readonly<z.infer<typeof Lost>> {
  try {
    return Lost.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { times: 0, bytes: 0 };
  }
}
