// An example of a source: lines of files named 1.jsonl, 2.jsonl, … in a folder, as some appliances leave them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SourcePlugin } from '@cerberusmesh/contract/plugin';

export const plugin: SourcePlugin = {
  manifest: {
    api: 1,
    kind: 'source',
    name: 'numbered-files',
    version: '1.0.0',
    does: 'Reads files that are numbered one after the other.',
  },

  async follow({ settings, position, signal, give }) {
    const folder = String(settings['folder'] ?? '.');
    let next = typeof position === 'number' ? position : 1;
    while (!signal.aborted) {
      const text = await readFile(join(folder, `${next}.jsonl`), 'utf8').catch(() => undefined);
      if (text === undefined) {
        await pause(500, undefined, { signal }).catch(() => undefined);
        continue;
      }
      const lines = text.split('\n').filter((line) => line !== '');
      // The position goes with the last lines: a file that is half stored is given again, and stores nothing twice.
      for (let at = 0; at < lines.length; at += 1_000) {
        const isLast = at + 1_000 >= lines.length;
        await give(lines.slice(at, at + 1_000), isLast ? next + 1 : next);
      }
      next++;
    }
  },
};
