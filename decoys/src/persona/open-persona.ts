import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DecoySettings } from '@cerberusmesh/contract/decoy';
import { Persona } from '@cerberusmesh/contract/persona';
import { generatePersona } from './generate.ts';

/** The persona of a decoy's folder: made at its first start, and the same machine ever after. */
export function openPersona(
  { folder, template, seed }: Pick<DecoySettings, 'folder' | 'template' | 'seed'>,
  now: Date,
): Persona {
  const path = join(folder, 'persona.json');
  const kept = existsSync(path) ? Persona.safeParse(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
  if (kept?.success && kept.data.id === template.id) return kept.data;
  const persona = generatePersona(template, seed, now);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path, JSON.stringify(persona, null, 2), { mode: 0o600 });
  return persona;
}
