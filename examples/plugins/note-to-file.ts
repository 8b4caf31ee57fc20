// An example of an action: writes a note into a file of its own, and removes it when the action is taken back.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActionPlugin, PluginOrder } from '@cerberusmesh/contract/plugin';

export const plugin: ActionPlugin = {
  manifest: {
    api: 1,
    kind: 'action',
    name: 'note-to-file',
    version: '1.0.0',
    does: 'Writes a note about an attacker into a folder.',
  },

  async check({ settings }) {
    return typeof settings['folder'] === 'string' ? undefined : 'note-to-file.json names no folder.';
  },

  // Asked again after a kill, it writes the same file again: that is all that "repeatable" takes here.
  async run(order) {
    const path = pathOf(order);
    await writeFile(`${path}.new`, textOf(order), { mode: 0o600 });
    await rename(`${path}.new`, path);
    return { path };
  },

  async verify(order) {
    const text = await readFile(pathOf(order), 'utf8').catch(() => undefined);
    const verified = text === textOf(order);
    return {
      verified,
      why: verified ? 'The note stands as it was written.' : 'The note is not there, or was changed.',
    };
  },

  async undo(order) {
    await rm(pathOf(order), { force: true });
    return undefined;
  },
};

function pathOf({ id, settings }: PluginOrder): string {
  return join(String(settings['folder']), `note-${id}.json`);
}

function textOf({ cause, parameters }: PluginOrder): string {
  const { reason, sourceIp, sessionId } = cause;
  return JSON.stringify({ reason, sourceIp, sessionId, ...parameters });
}
