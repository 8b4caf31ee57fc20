import { readFileSync } from 'node:fs';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';

const CatalogueFile = z.object({
  version: z.string(),
  notice: z.string(),
  tactics: z.array(z.object({ id: z.string(), name: z.string(), shortName: z.string() })),
  techniques: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      tactics: z.array(z.string()),
      tacticsV19: z.array(z.string()).optional(),
    }),
  ),
  crosswalkV19: z.array(
    z.object({
      v18: z.string(),
      v19: z.string(),
      nameV19: z.string().optional(),
      tacticsV19: z.array(z.string()).optional(),
    }),
  ),
});

/** MITRE ATT&CK's names, in v18 numbering, with the way to v19. */
export interface Catalogue {
  readonly version: string;
  /** MITRE's attribution. */
  readonly notice: string;
  /** In the order of the matrix. */
  readonly tactics: readonly { readonly id: string; readonly name: string }[];
  readonly techniqueIds: readonly string[];
  techniqueName(id: string): string | undefined;
  /** Names such as `Defense Evasion`, the first the usual one; empty for an unknown technique. */
  tacticsOf(id: string): readonly string[];
  /** The v19 id of a v18 technique; the same id where it did not move. */
  toV19(id: string): string;
  /**
   * A tactic's v19 name. v19 split Defense Evasion in two: `Stealth` or `Defense Impairment`, by the first of the v18
   * techniques that says which; Stealth, the wider, where none does.
   */
  tacticInV19(tactic: string, techniques: readonly string[]): string;
}

/** Names, tactics and the way to another version of ATT&CK. @throws CerberusError BAD_CONFIGURATION */
export function loadCatalogue(path: string): Catalogue {
  try {
    return catalogueOf(CatalogueFile.parse(JSON.parse(readFileSync(path, 'utf8'))));
  } catch (cause) {
    throw new CerberusError(
      'BAD_CONFIGURATION',
      `Expected the ATT&CK catalogue at ${path}, and it cannot be read.`,
      cause,
    );
  }
}

function catalogueOf(file: z.infer<typeof CatalogueFile>): Catalogue {
  const tactics = new Map(file.tactics.map(({ shortName, name }) => [shortName, name]));
  const techniques = new Map(file.techniques.map((technique) => [technique.id, technique]));
  const moved = new Map(file.crosswalkV19.map((move) => [move.v18, move]));
  return {
    version: file.version,
    notice: file.notice,
    tactics: file.tactics,
    techniqueIds: [...techniques.keys()],
    techniqueName: (id) => techniques.get(id)?.name,
    tacticsOf: (id) => (techniques.get(id)?.tactics ?? []).map((shortName) => tactics.get(shortName) ?? shortName),
    toV19: (id) => moved.get(id)?.v19 ?? id,
    tacticInV19,
  };

  function tacticInV19(tactic: string, ids: readonly string[]): string {
    if (tactic !== 'Defense Evasion') return tactic;
    for (const id of ids) {
      const [half] = halvesOf(id).concat(halvesOf(id.slice(0, 5)));
      if (half !== undefined) return half;
    }
    return 'Stealth';
  }

  function halvesOf(id: string): string[] {
    const shortNames = moved.get(id)?.tacticsV19 ?? techniques.get(id)?.tacticsV19 ?? [];
    return shortNames.flatMap((shortName) => evasionHalves.get(shortName) ?? []);
  }
}

const evasionHalves = new Map([
  ['stealth', 'Stealth'],
  ['defense-impairment', 'Defense Impairment'],
]);
