import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const WorldPath = z.string().startsWith('/');

/** `sensors/cowrie/overlay.json`: what a prepared Cowrie shows besides the files that adaptations change. */
export const Overlay = z.strictObject({
  hostnames: z.array(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/)).nonempty(),
  users: z.array(z.string().regex(/^[a-z]{1,16}$/)).nonempty(),
  /** Names that come with Cowrie; scanners know honeypots by them, so they are replaced. */
  defaultHostname: z.string(),
  defaultUser: z.string().min(1),
  defaultFullName: z.string().min(1),
  remove: z.array(WorldPath),
  /** Folders of which only so many levels are kept, because Cowrie copies the whole tree for every channel. */
  keepDepth: z.array(z.strictObject({ path: WorldPath, levels: z.number().int().positive() })),
  files: z.array(
    z.strictObject({
      path: WorldPath,
      mode: z.string().regex(/^0[0-7]{3}$/),
      ageDays: z.number().positive(),
      lines: z.array(z.string()),
    }),
  ),
  /** Commands that are found and answer with fixed lines, whatever their arguments are. */
  tools: z.array(z.strictObject({ path: WorldPath, size: z.number().int(), lines: z.array(z.string()) })),
});
export type Overlay = Readonly<z.infer<typeof Overlay>>;

/** What `prepare` puts into a Cowrie. @throws what reading and parsing throw: the file is ours. */
export async function readOverlay(): Promise<Overlay> {
  const path = fileURLToPath(new URL('../../../../sensors/cowrie/overlay.json', import.meta.url));
  return Overlay.parse(JSON.parse(await readFile(path, 'utf8')));
}
