import { z } from 'zod';

const owner = {
  mode: z.number().int().min(0).max(0o7777),
  uid: z.number().int().min(0),
  gid: z.number().int().min(0),
  mtimeMs: z.number(),
};

/** What an attacker left at a path; null where he removed what the persona had there. */
export const KeptFile = z.object({
  path: z.string().startsWith('/').max(4096),
  node: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('file'), ...owner, content: z.base64() }),
      z.object({ kind: z.literal('folder'), ...owner }),
      z.object({ kind: z.literal('link'), ...owner, target: z.string().max(4096) }),
    ])
    .nullable(),
});
export type KeptFile = z.infer<typeof KeptFile>;

const world = z.string().min(1).max(100);
/** SHA-256 of a public key, in hexadecimal. */
const key = z.string().regex(/^[0-9a-f]{64}$/);

/** By what an attacker is known again: where he comes from, the keys he has or left, the secret he got in with. */
export const WorldNames = z.object({
  address: z.string().max(100).nullable(),
  keys: z.array(key).max(50),
  secret: z.string().max(1000).nullable(),
});
export type WorldNames = z.infer<typeof WorldNames>;

/** What a decoy asks of who keeps its worlds, on its standard output. */
export const WorldRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('find-world'), id: z.number(), names: WorldNames }),
  z.object({
    kind: z.literal('keep-world'),
    id: z.number(),
    world,
    names: WorldNames.omit({ secret: true }),
    files: z.array(KeptFile).max(1000),
  }),
]);
export type WorldRequest = z.infer<typeof WorldRequest>;

/** The answer, on its standard input. */
export const WorldAnswer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('found-world'),
    id: z.number(),
    /** Null where none of the names is known. */
    world: world.nullable(),
    files: z.array(KeptFile),
  }),
  z.object({ kind: z.literal('kept-world'), id: z.number(), isKept: z.boolean() }),
]);
export type WorldAnswer = z.infer<typeof WorldAnswer>;

export interface FoundWorld {
  readonly world: string;
  readonly files: readonly KeptFile[];
}
