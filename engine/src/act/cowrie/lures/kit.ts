import { randomInt, randomUUID } from 'node:crypto';
import type { Lure } from '@cerberusmesh/contract/adaptation';
import type { PluginFile } from '@cerberusmesh/contract/cowrie-plugin';
import type { LureBook } from '@cerberusmesh/contract/lure';
import { renderLure } from './render.ts';
import type { Surroundings } from './secret-kinds.ts';

/** All that one attacker may find, whatever he asks for: each with secrets that nobody else has. */
export interface Kit {
  readonly id: string;
  readonly files: readonly PluginFile[];
  readonly lures: readonly (Lure & { readonly trap: string })[];
}

const secondsPerDay = 86_400;

/** A kit costs about 1 ms, most of it for the SSH key. */
export function makeKit(book: LureBook, surroundings: Surroundings, now: Date): Kit {
  const rendered = book.lures.map((template) => ({ trap: template.name, ...renderLure(template, surroundings) }));
  const files = rendered.flatMap(({ trap, files: texts }) =>
    texts.map(({ file, text }) => ({
      trap,
      path: file.path,
      content: Buffer.from(text).toString('base64'),
      mode: Number.parseInt(file.mode, 8),
      uid: 0,
      gid: 0,
      // Files that all changed at the same time of the day would tell that a program made them.
      changedAt: Math.floor(now.getTime() / 1000) - file.ageDays * secondsPerDay - randomInt(secondsPerDay),
    })),
  );
  const lures = rendered.flatMap(({ trap, lures: secrets }) => secrets.map((lure) => ({ ...lure, trap })));
  return { id: randomUUID(), files, lures };
}
