import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AdaptationType } from '@cerberusmesh/contract/decision';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';

/** Everything of ours lies below `etc`, because that folder is a volume of Cowrie's container. Relative to Cowrie's own. */
export const overlayFolder = 'etc/cerberus';
export const manifestPath = `${overlayFolder}/manifest.json`;
export const honeyfsFolder = `${overlayFolder}/honeyfs`;
export const personasFolder = `${overlayFolder}/personas`;
export const txtcmdsFolder = `${overlayFolder}/txtcmds`;
export const picklePath = `${overlayFolder}/fs.pickle`;
export const savedConfigPath = `${overlayFolder}/saved/cowrie.cfg`;
export const newConfigPath = `${overlayFolder}/saved/cowrie.cfg.prepared`;
/** First in Cowrie's PYTHONPATH, or the plugin is not found and Cowrie runs without it. */
export const pluginFolder = `${overlayFolder}/plugin`;
/** In `var`, which is a volume of Cowrie's container too, and which its user may write. */
export const pluginSocketPath = 'var/run/cerberus.sock';
export const configPath = 'etc/cowrie.cfg';
/** In the world that visitors see; sent before the login on every SSH connection too. */
export const bannerPath = '/etc/issue.net';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A path inside the world that Cowrie shows, such as `/root/.aws/credentials`. */
const WorldPath = z.string().regex(/^\/(?!.*(^|\/)\.\.(\/|$))/);

/** A path below the overlay folder. */
const OverlayPath = z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))/);

/** Who this honeypot says it is, as far as our files speak of it. */
export const Persona = z.object({
  hostname: z.string(),
  user: z.string(),
  /** Of the hosts that lures name; whoever sets it points it at decoys. */
  domain: z.string().default('internal'),
});
export type Persona = Readonly<z.infer<typeof Persona>>;

/** A file whose content an adaptation may change. Its size is fixed: `ls` reads it from the pickle, not from the file. */
export const HotFile = z.object({
  path: WorldPath,
  size: z.number().int(),
  action: AdaptationType,
});
export type HotFile = Readonly<z.infer<typeof HotFile>>;

/** What `cerberus prepare` did, so that it can be undone byte for byte and is not done twice. */
export const Manifest = z.object({
  version: z.literal(1),
  preparedAt: z.iso.datetime(),
  cowrieVersion: z.string().nullable(),
  persona: Persona,
  /** Whether our plugin was put there. */
  plugin: z.boolean().default(false),
  config: z.object({
    /** Null where there was no file. */
    oldSha256: Sha256.nullable(),
    newSha256: Sha256,
  }),
  /** Everything in the overlay folder but the manifest. */
  files: z.array(z.object({ path: OverlayPath, sha256: Sha256 })),
  hotFiles: z.array(HotFile),
  /** What this Cowrie may become, the first being what it was prepared as; empty for a world of the operator's own. */
  personas: z.array(z.object({ id: z.string(), hostname: z.string(), configSha256: Sha256 })).default([]),
});
export type Manifest = Readonly<z.infer<typeof Manifest>>;

/** Undefined where this Cowrie was not prepared; throws COWRIE_UNUSABLE where the manifest cannot be understood. */
export async function readManifest(cowrieDir: string): Promise<Manifest | undefined> {
  const path = join(cowrieDir, manifestPath);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new CerberusError('COWRIE_UNUSABLE', `${path} cannot be read (${error.code}).`, error);
  });
  if (text === undefined) return undefined;
  try {
    return Manifest.parse(JSON.parse(text));
  } catch (cause) {
    throw new CerberusError('COWRIE_UNUSABLE', `${path} is not a manifest that this version understands.`, cause);
  }
}
