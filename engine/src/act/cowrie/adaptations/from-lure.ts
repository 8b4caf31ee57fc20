import type { LureTemplate } from '@cerberusmesh/contract/lure';
import { z } from 'zod';
import { renderBefore, renderLure } from '../lures/render.ts';
import { type Adaptation, defineAdaptation } from './adaptation.ts';

/** An adaptation for all visitors of what `policy/lures` describes. */
export function adaptationFromLure(template: LureTemplate): Adaptation {
  return defineAdaptation({
    name: template.name,
    does: template.does,
    parameters: z.strictObject({}),
    async placeholders(persona) {
      return renderBefore(template, persona).map(({ file, text }) => ({
        path: atRoot(file.path),
        mode: Number.parseInt(file.mode, 8),
        ageDays: file.ageDays,
        content: text,
      }));
    },
    async draft(_parameters, cowrie) {
      const { files, lures } = renderLure(template, cowrie.manifest.persona);
      const [first] = lures.map(({ shown }) => shown).filter((shown) => shown !== null);
      return {
        texts: files.map(({ file, text }) => ({ path: atRoot(file.path), text })),
        lures: lures.map((lure) => ({ ...lure, path: atRoot(lure.path) })),
        details: { path: atRoot(files[0]?.file.path ?? ''), ...(first === undefined ? {} : { shown: first }) },
      };
    },
  });
}

/** The files that every visitor shares lie in root's home; a live lure goes to the home of whom it is for. */
function atRoot(path: string): string {
  return path.replace(/^~/, '/root');
}
