import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** `policy/cowrie-personas/*.json`: one machine that a honeypot can be. `{{release}}` and `{{build}}` in its files are the kernel's. */
export const PersonaDescription = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/),
  does: z.string().regex(/^[A-Z].*\.$/),
  hostnames: z.array(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/)).nonempty(),
  ssh: z.strictObject({ server: z.string().regex(/^SSH-2\.0-[ -~]+$/), client: z.string() }),
  kernel: z.strictObject({ release: z.string(), build: z.string() }),
  /** Of both processors: Cowrie's `top` and `nproc` know of two. */
  cpu: z.strictObject({
    modelName: z.string(),
    model: z.number().int(),
    stepping: z.number().int(),
    microcode: z.string(),
    mhz: z.string(),
    cacheKb: z.number().int(),
    bogomips: z.string(),
  }),
  files: z.array(z.strictObject({ path: z.string().startsWith('/'), lines: z.array(z.string()) })),
});
export type PersonaDescription = Readonly<z.infer<typeof PersonaDescription>>;

const folder = fileURLToPath(new URL('../../../../../policy/cowrie-personas', import.meta.url));

/** All that there are, in the order of their names. The first is what a prepared Cowrie begins as. */
export async function readPersonas(): Promise<readonly PersonaDescription[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort(debianTwelveFirst);
  return await Promise.all(
    names.map(async (name) => PersonaDescription.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))),
  );
}

/** A file's text with the kernel's release and build put in; one empty line where the persona has no such file. */
export function textOf({ kernel, files }: PersonaDescription, path: string): string {
  const lines = files.find((file) => file.path === path)?.lines ?? [];
  return `${lines.join('\n').replaceAll('{{release}}', kernel.release).replaceAll('{{build}}', kernel.build)}\n`;
}

/** What Cowrie's own world is made like, so its first persona needs the least change. */
function debianTwelveFirst(a: string, b: string): number {
  return Number(b === 'debian-12.json') - Number(a === 'debian-12.json') || (a < b ? -1 : 1);
}
