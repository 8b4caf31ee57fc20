import { CerberusError } from '@cerberusmesh/contract/errors';
import type { LureTemplate } from '@cerberusmesh/contract/lure';
import { z } from 'zod';
import { contentOf } from '../cowrie/adaptations/adaptation.ts';
import { lureBook } from '../cowrie/lures/book.ts';
import { renderLure } from '../cowrie/lures/render.ts';
import type { RunningDecoy } from '../decoys/decoy-process.ts';
import type { Trap, TrapPlace } from './trap-place.ts';

/** What the decoy said that a shell in the attacker's world shows. */
const PlantedStep = z.object({
  sights: z.array(z.object({ path: z.string(), sizeShown: z.number(), sha256: z.string() })),
  tookMs: z.number(),
});

/**
 * Our own decoy: the lure appears in the world of the attacker whom the decision is about, in the session that he has open
 * too. It stays: he has seen it, and a file that vanishes again would tell him. `decoy` gives undefined while it is not up.
 */
export function createDecoyPlace(decoy: () => Pick<RunningDecoy, 'plant' | 'hostname'> | undefined): TrapPlace {
  return {
    lifetimeSeconds: null,

    /** A banner or a persona is no file; where a rule wants a lure too, that is planted and nothing is said of the rest. */
    choose(wanted) {
      const lures = wanted.filter((type) => findTemplate(type) !== undefined);
      return lures.length > 0 ? lures : wanted;
    },

    async check(type, { sourceIp }) {
      if (!decoy()) return notUp;
      if (!findTemplate(type)) return `${type} is no lure that can appear in a running session.`;
      return sourceIp === null ? 'The decision names no attacker.' : undefined;
    },

    async makePlan(type, { sourceIp }) {
      const { hostname } = running();
      const { files, lures } = renderLure(templateOf(type), { hostname, domain: 'internal' });
      const wanted = files.map(({ file, text }) => contentOf(inHome(file.path), Buffer.from(text)));
      return {
        old: null,
        new: { files: wanted },
        details: { path: wanted[0]?.path ?? '', attacker: sourceIp },
        lures: lures.map((lure) => ({ ...lure, path: inHome(lure.path) })),
      };
    },

    async run({ type, plan, cause, signal, step }) {
      const files = plan.new.files.map(({ path, content }) => {
        const file = templateOf(type).files.find((each) => inHome(each.path) === path);
        return { path, content, mode: Number.parseInt(file?.mode ?? '0600', 8), ageDays: file?.ageDays ?? 1 };
      });
      const { sights, plantedMs } = await running().plant({ address: cause.sourceIp, files }, signal);
      await step('planted', { sights, tookMs: Math.round(plantedMs) });
    },

    look: async (trap) => tellSights(trap),
    undo: async (trap) => (plantedStep(trap) ? { left: kept } : undefined),
    explainKept: () => kept,
  };

  function running(): Pick<RunningDecoy, 'plant' | 'hostname'> {
    const found = decoy();
    if (!found) throw new CerberusError('SENSOR_AWAY', notUp);
    return found;
  }
}

const notUp = 'Our decoy is not up.';
const kept = 'It stays in the world of its attacker, who may have seen it.';

function tellSights({ plan, steps }: Trap) {
  const { sights: shown, tookMs } = PlantedStep.parse(plantedStep({ steps })?.details);
  const sights = shown.map(({ path, sizeShown, sha256 }) => {
    const file = plan.new.files.find((each) => each.path === path);
    const verified = file?.sha256 === sha256 && Buffer.from(file.content, 'base64').length === sizeShown;
    const why = verified ? 'cat and stat show it whole' : 'a shell there shows something else';
    return { path, verified, why, saw: '' };
  });
  const verified = sights.length > 0 && sights.every((sight) => sight.verified);
  const why = `A shell in the attacker's world ${verified ? 'shows' : 'does not show'} it.`;
  return { verified, looked: true, why, sights, tookMs };
}

function plantedStep({ steps }: Pick<Trap, 'steps'>) {
  return steps.findLast(({ name }) => name === 'planted');
}

function findTemplate(type: string): LureTemplate | undefined {
  return lureBook.lures.find(({ name }) => name === type);
}

function templateOf(type: string): LureTemplate {
  const template = findTemplate(type);
  if (!template) throw new Error(`${type} is no lure`);
  return template;
}

function inHome(path: string): string {
  return path.replace(/^~/, '/root');
}
