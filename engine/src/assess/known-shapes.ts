import { z } from 'zod';
import { readTrainedFile } from './trained-file.ts';

/** Shapes of lines that were seen before, as sorted 32-bit hashes. What follows what is the sequence model's part. */
export const KnownShapesFile = z.object({
  kind: z.literal('known_shapes'),
  version: z.string(),
  /** Base64 of little-endian Uint32, ascending. */
  shapes: z.base64(),
});
export type KnownShapesFile = z.infer<typeof KnownShapesFile>;

export interface KnownShapes {
  isKnown(shape: string): boolean;
  /** Share of the shapes that were never seen. */
  unknownShare(shapes: readonly string[]): number;
}

/** @throws CerberusError MODEL_UNUSABLE */
export function loadKnownShapes(path: string): KnownShapes {
  return knownShapesOf(readKnownShapes(path));
}

/** @throws CerberusError MODEL_UNUSABLE */
export function readKnownShapes(path: string): KnownShapesFile {
  return readTrainedFile(path, 'the known shapes', (json) => KnownShapesFile.parse(json));
}

/** Which shapes were seen in training. They are hashes of 32 bits, so now and then a new shape counts as known. */
export function knownShapesOf(file: KnownShapesFile): KnownShapes {
  const shapes = hashes(file.shapes);
  const isKnown = (shape: string) => shapes.has(hashText(shape));
  return { isKnown, unknownShare };

  function unknownShare(session: readonly string[]): number {
    return session.filter((shape) => !isKnown(shape)).length / Math.max(1, session.length);
  }
}

/** Gathers shapes from sessions; those seen in one session only are kept too: "before" means once. */
export function gatherShapes(sessions: Iterable<readonly string[]>, version: string): KnownShapesFile {
  const shapes = new Set<number>();
  for (const session of sessions) for (const shape of session) shapes.add(hashText(shape));
  return { kind: 'known_shapes', version, shapes: packed(shapes) };
}

/** FNV-1a, 32 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function packed(values: ReadonlySet<number>): string {
  return Buffer.from(Uint32Array.from(values).sort().buffer).toString('base64');
}

function hashes(text: string): ReadonlySet<number> {
  const { buffer, byteOffset, byteLength } = Buffer.from(text, 'base64');
  return new Set(new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength)));
}

/** More is beyond any honest traffic: a visitor who types random words all day must not fill the model. */
const hashesMax = 500_000;

/** What either knows. */
export function mergeShapes(known: KnownShapesFile, found: KnownShapesFile, version: string): KnownShapesFile {
  const union = new Set([...hashes(known.shapes), ...hashes(found.shapes)].slice(0, hashesMax));
  return { ...known, version, shapes: packed(union) };
}
