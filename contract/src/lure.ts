import { z } from 'zod';
import { AdaptationType } from './decision.ts';

/** What a planted secret is; its use is looked for in the places where such a thing is used. */
export const LureKind = z.enum([
  'aws_access_key',
  'aws_secret_key',
  'password',
  'username',
  'token',
  'ssh_key',
  'host',
  'wallet',
]);
export type LureKind = z.infer<typeof LureKind>;

/** As a visitor names it; `~` is his home. */
export const LurePath = z.string().regex(/^(~|\/[^/]{1,100})(\/(?!\.{1,2}(\/|$))[^/\n]{1,100}){1,16}$/);

/** One file of a lure. `{{name:kind:argument}}` in a line is a secret, and `{{name}}` is the same one again. */
export const LureFile = z.strictObject({
  path: LurePath,
  mode: z.string().regex(/^0[0-7]{3}$/),
  ageDays: z.number().int().positive(),
  lines: z.array(z.string().max(2_000)).min(1).max(200),
  /** What stands there before anything is planted, of the same length; without it, the same text with its secrets masked. */
  before: z.array(z.string()).optional(),
});
export type LureFile = Readonly<z.infer<typeof LureFile>>;

/** What is planted for a visitor whose commands hold any of the words. */
export const LureTemplate = z.strictObject({
  name: AdaptationType,
  does: z.string().regex(/^[A-Z].*\.$/),
  looksFor: z.array(z.string().min(2).max(100)).min(1).max(64),
  files: z.array(LureFile).min(1).max(16),
});
export type LureTemplate = Readonly<z.infer<typeof LureTemplate>>;

/** `policy/lures/*.json` */
export const LureBook = z.strictObject({
  $schema: z.string().optional(),
  version: z.string(),
  lures: z
    .array(LureTemplate)
    .refine((lures) => new Set(lures.map(({ name }) => name)).size === lures.length, 'two lures have one name'),
});
export type LureBook = Readonly<z.infer<typeof LureBook>>;
