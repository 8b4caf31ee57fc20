import { access, constants, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AdaptationType } from '@cerberusmesh/contract/decision';
import { type Outcome, ok, refused } from '../../kit/outcome.ts';
import { reasonOf } from '../../kit/reason-of.ts';
import { readSetting } from './config-file.ts';
import { replaceFile } from './hot-file.ts';
import {
  configPath,
  type HotFile,
  honeyfsFolder,
  type Manifest,
  newConfigPath,
  personasFolder,
  pluginSocketPath,
  readManifest,
} from './manifest.ts';
import { currentPersona } from './persona/current.ts';
import { connectPlugin } from './plugin/connection.ts';
import type { RestartWhenQuiet } from './restart.ts';

/** A Cowrie whose world can be changed while it runs. */
export interface PreparedCowrie {
  readonly dir: string;
  /** With the persona that it is now. */
  readonly manifest: Pick<Manifest, 'persona' | 'personas' | 'hotFiles' | 'plugin'>;
  /** Undefined for a world of the operator's own. */
  readonly persona: Manifest['personas'][number] | undefined;
  hotFiles(action: AdaptationType): readonly HotFile[];
  /** The bytes that a visitor's `cat` reads now, or of one of Cowrie's own files that a persona is made of. */
  read(path: string): Promise<Buffer>;
  /** Rejects where this user may not put a file there. */
  checkWritable(path: string): Promise<void>;
  write(path: string, content: Uint8Array): Promise<void>;
  /** A sentence where Cowrie cannot be made to read its configuration again. */
  explainUnreloadable(): Promise<string | undefined>;
  /**
   * Gives what makes Cowrie read its configuration again, once that costs no visitor his session: at once with our plugin.
   * Throws COWRIE_PLUGIN where there is neither the plugin nor a restart, COWRIE_BUSY where no moment for one came.
   */
  whenReloadable(signal: AbortSignal): Promise<() => Promise<void>>;
}

/** Refuses, with a sentence for the operator, a folder that was not prepared or is no longer as it was prepared. */
export async function openPreparedCowrie(
  dir: string,
  restart?: RestartWhenQuiet,
): Promise<Outcome<PreparedCowrie, string>> {
  const manifest = await readManifest(dir);
  if (!manifest) return refused(`${dir} was not prepared; run: cerberus prepare ${dir}`);
  const config = await readFile(join(dir, configPath), 'utf8').catch(() => '');
  if (readSetting(config, 'honeypot', 'contents_path') !== honeyfsFolder) {
    return refused(`${join(dir, configPath)} no longer points to ${honeyfsFolder}; run: cerberus prepare ${dir}`);
  }
  return ok(createPreparedCowrie(dir, manifest, config, restart));
}

function createPreparedCowrie(
  dir: string,
  prepared: Manifest,
  config: string,
  restart: RestartWhenQuiet | undefined,
): PreparedCowrie {
  const persona = currentPersona(prepared, config);
  const hostname = persona?.hostname ?? prepared.persona.hostname;
  const manifest = { ...prepared, persona: { ...prepared.persona, hostname } };
  const known = new Set(manifest.hotFiles.map((file) => file.path));
  function realPath(path: string): string {
    if (path === configPath || path === newConfigPath || path.startsWith(`${personasFolder}/`)) return join(dir, path);
    if (!known.has(path)) throw new Error(`${path} is not one of the files that were prepared for change`);
    return join(dir, honeyfsFolder, path);
  }
  return {
    dir,
    manifest,
    persona,
    hotFiles: (action) => manifest.hotFiles.filter((file) => file.action === action),
    read: (path) => readFile(realPath(path)),
    checkWritable: (path) => access(dirname(realPath(path)), constants.W_OK),
    write: (path, content) => replaceFile(realPath(path), content),
    async explainUnreloadable() {
      if (restart) return undefined;
      return await connectPlugin({ socketPath: join(dir, pluginSocketPath) }).then(
        (line) => {
          line.close();
          return undefined;
        },
        (error: unknown) => reasonOf(error),
      );
    },
    async whenReloadable(signal) {
      const socketPath = join(dir, pluginSocketPath);
      try {
        const line = await connectPlugin({ socketPath });
        return async () => {
          await line.ask({ op: 'reload' }).finally(() => line.close());
        };
      } catch (error) {
        if (!restart) throw error;
        return await restart(signal);
      }
    },
  };
}
