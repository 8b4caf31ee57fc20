import { z } from 'zod';
import { printable } from '../kit/printable.ts';
import { hashText } from './known-shapes.ts';
import { readTrainedFile } from './trained-file.ts';

/** How often which statement shape came after which, as sorted 32-bit hashes with their counts. */
export const SequenceFile = z.strictObject({
  kind: z.literal('sequence'),
  version: z.string(),
  /** Base64 of little-endian Uint32, ascending: hashes of a shape after its context, for all orders. */
  grams: z.base64(),
  /** Base64 of bytes, a count per gram on a logarithmic scale: 1 is once, 15 twice, 29 four times. */
  counts: z.base64(),
});
export type SequenceFile = z.infer<typeof SequenceFile>;

export interface SequenceVerdict {
  /** 0 every step was seen, and is usual, in this order … 1 nothing like any step was ever seen. */
  readonly novelty: number;
  /** How many next steps the model hesitated between, on average: 2 to the mean surprise. */
  readonly perplexity: number;
  /** The statement that surprised most; -1 for an empty session. */
  readonly oddest: number;
  /** What of it was new, in words; null where every statement was seen in this order. */
  readonly why: string | null;
}

export interface SequenceModel {
  readonly version: string;
  /** How surprising a session's statements are, given by their shapes. */
  tell(shapes: readonly string[]): SequenceVerdict;
}

/** Statements that count towards a verdict; later ones of a longer session are left out. */
const statementsMax = 4_096;
/** Chance of a command name that was never seen, and of a shape of a name that was never seen with it. */
const unknownName = 1 / 4_096;
const unknownShape = 1 / 256;
/** The surprise, in bits, of an unknown shape of an unknown name. */
const surpriseMax = -Math.log2(unknownName * unknownShape);
/** Of the shape that is named in words. */
const shapeCharactersMax = 80;
/** How new a known shape is that never came after the one before. */
const unseenOrderShare = 0.4;

/** @throws CerberusError MODEL_UNUSABLE */
export function loadSequenceModel(path: string): SequenceModel {
  return sequenceModelOf(readSequenceFile(path));
}

/** @throws CerberusError MODEL_UNUSABLE */
export function readSequenceFile(path: string): SequenceFile {
  return readTrainedFile(path, 'a sequence model', (json) => SequenceFile.parse(json));
}

/**
 * A mixture of n-grams: a shape after the two before it, after the one before, by itself, and by its command's name after
 * the name before. Each order is weighed against the shorter by how many different steps were seen there (Witten-Bell).
 * Half of the novelty is the mean square surprise, half whether shape and order were seen at all.
 */
export function sequenceModelOf(file: SequenceFile): SequenceModel {
  const counts = countsOf(file);
  const count = (gram: string) => counts.get(hashText(gram)) ?? 0;
  return { version: file.version, tell };

  function tell(shapes: readonly string[]): SequenceVerdict {
    const told = shapes.slice(0, statementsMax);
    if (told.length === 0) return { novelty: 0, perplexity: 1, oddest: -1, why: null };
    let [bits, squares, newShapes, newOrders, most, oddest] = [0, 0, 0, 0, -1, -1];
    for (let at = 0; at < told.length; at++) {
      const step = stepAt(told, at);
      const surprise = surpriseOf(step);
      bits += surprise;
      squares += surprise * surprise;
      if (count(step.alone.step) === 0) newShapes++;
      else if (count(step.after.step) === 0) newOrders++;
      if (surprise > most) [most, oddest] = [surprise, at];
    }
    const surprise = Math.min(1, Math.sqrt(squares / told.length) / surpriseMax);
    const unseen = newShapes + unseenOrderShare * newOrders;
    return {
      novelty: (surprise + unseen / told.length) / 2,
      perplexity: 2 ** (bits / told.length),
      oddest,
      why: unseen === 0 ? null : `${inWords(told.length, newShapes, newOrders)}; ${oddestInWords(told, oddest)}`,
    };
  }

  function oddestInWords(shapes: readonly string[], oddest: number): string {
    const { name, alone, after } = stepAt(shapes, oddest);
    const shape = printable((shapes[oddest] ?? '').slice(0, shapeCharactersMax));
    const because =
      count(name.step) === 0
        ? 'a command that was never seen'
        : count(alone.step) === 0
          ? 'a known command never seen so'
          : count(after.step) === 0
            ? 'never seen after what stands before it'
            : 'seldom seen here';
    return `most surprising is statement ${oddest + 1}, “${shape}”: ${because}`;
  }

  function surpriseOf({ name, nameAfter, ofName, alone, after, afterTwo }: Step): number {
    const chanceOfName = mixed(nameAfter, mixed(name, unknownName));
    let chance = chanceOfName * mixed(ofName, unknownShape);
    for (const gram of [alone, after, afterTwo]) chance = mixed(gram, chance);
    return -Math.log2(chance);
  }

  /** What was counted here, and the shorter context's word for the rest. */
  function mixed({ context, step }: Gram, shorter: number): number {
    const kinds = count(`${context} kinds`);
    const total = count(`${context} total`);
    return total === 0 ? shorter : (count(step) + kinds * shorter) / (total + kinds);
  }
}

function inWords(statements: number, newShapes: number, newOrders: number): string {
  const all = `of ${statements} ${statements === 1 ? 'statement' : 'statements'}`;
  const order = newOrders === 0 ? '' : `, ${newOrders} never after the one before`;
  return newShapes === 0 ? `${all} none is new${order}` : `${all} ${newShapes} never seen${order}`;
}

interface Gram {
  readonly context: string;
  readonly step: string;
}

/** A statement in every context it is looked for. */
interface Step {
  readonly name: Gram;
  readonly nameAfter: Gram;
  readonly ofName: Gram;
  readonly alone: Gram;
  readonly after: Gram;
  readonly afterTwo: Gram;
}

function stepAt(shapes: readonly string[], at: number): Step {
  const shape = shapes[at] ?? '';
  const before = shapes[at - 1] ?? '^';
  const name = nameOf(shape);
  return {
    name: gram('n', '', name),
    nameAfter: gram('na', nameOf(before), name),
    ofName: gram('sn', name, shape),
    alone: gram('s', '', shape),
    after: gram('sa', before, shape),
    afterTwo: gram('saa', `${shapes[at - 2] ?? '^'}\n${before}`, shape),
  };
}

function gram(order: string, context: string, step: string): Gram {
  return { context: `${order} ${context}`, step: `${order} ${context}\n>${step}` };
}

function nameOf(shape: string): string {
  return /^(?:\| )?(\S*)/.exec(shape)?.[1] ?? '';
}

/** A byte holds counts up to 2 to the 18th within 2.5 %. */
const stepsPerDoubling = 14;

/** More is beyond any honest traffic: a visitor who types random words all day must not fill the model. */
const gramsMax = 2_000_000;

/**
 * Counts the steps of sessions. One session of each script tells what follows what; more of them say nothing new. With
 * `known`, goes on from what was counted there, and scripts without a new step are passed over.
 */
export function countSequences(
  sessions: Iterable<readonly string[]>,
  version: string,
  known?: SequenceFile,
): SequenceFile {
  const counts = known === undefined ? new Map<number, number>() : countsOf(known);
  for (const session of oncePerScript(sessions)) {
    if (counts.size > gramsMax || (known !== undefined && hasNoNewStep(session, counts))) continue;
    for (let at = 0; at < session.length; at++) {
      for (const { context, step } of Object.values(stepAt(session, at))) {
        add(counts, `${context} total`);
        if (!counts.has(hashText(step))) add(counts, `${context} kinds`);
        add(counts, step);
      }
    }
  }
  const sorted = [...counts].sort(([a], [b]) => a - b);
  return {
    kind: 'sequence',
    version,
    grams: base64(Uint32Array.from(sorted, ([gram]) => gram)),
    counts: base64(
      Uint8Array.from(sorted, ([, value]) => Math.min(255, 1 + Math.round(Math.log2(value) * stepsPerDoubling))),
    ),
  };
}

function hasNoNewStep(session: readonly string[], counts: ReadonlyMap<number, number>): boolean {
  return session.every((_, at) => Object.values(stepAt(session, at)).every(({ step }) => counts.has(hashText(step))));
}

function countsOf(file: SequenceFile): Map<number, number> {
  const grams = new Uint32Array(bytesOf(file.grams).buffer);
  const values = bytesOf(file.counts);
  return new Map(Array.from(grams, (gram, at) => [gram, 2 ** (((values[at] ?? 1) - 1) / stepsPerDoubling)]));
}

/** One session of each sequence of shapes, cut to what is ever looked at. */
export function oncePerScript(sessions: Iterable<readonly string[]>): string[][] {
  const scripts = new Map<string, string[]>();
  for (const session of sessions) {
    const read = session.slice(0, statementsMax);
    if (read.length > 0) scripts.set(read.join('\n'), read);
  }
  return [...scripts.values()];
}

function add(counts: Map<number, number>, text: string): void {
  const hash = hashText(text);
  counts.set(hash, (counts.get(hash) ?? 0) + 1);
}

/** A copy with a buffer of its own, so that it starts where wider numbers may. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text, 'base64'));
}

function base64(array: ArrayBufferView): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');
}
