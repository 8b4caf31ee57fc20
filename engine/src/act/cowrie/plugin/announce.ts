import { join } from 'node:path';
import { pluginSocketPath } from '../manifest.ts';
import { connectPlugin } from './connection.ts';

/**
 * Tells our plugin that the next visitor of this version is our probe, who must see what everybody sees and be given
 * nothing. Where there is no plugin there is nobody to tell.
 */
export function announcerOf(cowrieDir: string): (version: string) => Promise<void> {
  return async function announce(version) {
    const line = await connectPlugin({ socketPath: join(cowrieDir, pluginSocketPath) }).catch(() => undefined);
    await line?.ask({ op: 'expect', version }).finally(() => line.close());
  };
}
