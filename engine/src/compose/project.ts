import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The project's root: policies, models and recordings lie below it. */
export const projectDir = join(import.meta.dirname, '..', '..', '..');

export const version = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(projectDir, 'package.json'), 'utf8'))).version;
