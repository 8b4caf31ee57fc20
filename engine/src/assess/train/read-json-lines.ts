import { readFileSync } from 'node:fs';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';

/** Reads a whole file of JSON lines; throws SOURCE_UNREADABLE that names the file, the line and the fault. */
export function readJsonLines<T>(path: string, schema: z.ZodType<T>): T[] {
  return readText(path)
    .split('\n')
    .flatMap((line, at) => (line.trim() === '' ? [] : [parseLine(line, schema, `${path}:${at + 1}`)]));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CerberusError(
      'SOURCE_UNREADABLE',
      `Expected labelled lines at ${path}; name the folder that holds them.`,
      cause,
    );
  }
}

function parseLine<T>(line: string, schema: z.ZodType<T>, place: string): T {
  const parsed = schema.safeParse(parseJson(line, place));
  if (parsed.success) return parsed.data;
  throw new CerberusError('SOURCE_UNREADABLE', `${place} has not the expected form: ${z.prettifyError(parsed.error)}`);
}

function parseJson(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new CerberusError('SOURCE_UNREADABLE', `${place} is not JSON.`, cause);
  }
}
