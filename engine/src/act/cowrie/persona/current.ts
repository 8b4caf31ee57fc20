import { readSetting } from '../config-file.ts';
import { type Manifest, newConfigPath, overlayFolder, personasFolder } from '../manifest.ts';

/** Which of its personas a Cowrie is by its configuration; undefined for a world of the operator's own. */
export function currentPersona(manifest: Manifest, config: string): Manifest['personas'][number] | undefined {
  const filesystem = readSetting(config, 'shell', 'filesystem') ?? '';
  const id = /^etc\/cerberus\/personas\/([^/]+)\//.exec(filesystem)?.[1];
  if (id !== undefined) return manifest.personas.find((persona) => persona.id === id);
  return filesystem.startsWith(`${overlayFolder}/`) ? manifest.personas[0] : undefined;
}

/** Where the configuration of a persona lies ready, as a whole. */
export function personaConfigPath(manifest: Pick<Manifest, 'personas'>, id: string): string {
  return manifest.personas[0]?.id === id ? newConfigPath : `${personasFolder}/${id}/cowrie.cfg`;
}
