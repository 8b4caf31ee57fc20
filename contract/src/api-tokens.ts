import { z } from 'zod';
import { page } from './api.ts';
import { SensorName } from './mesh.ts';

/** `sensor` may push events and nothing else; each of the others may do all that the ones before it may. */
export const Role = z.enum(['sensor', 'viewer', 'operator', 'admin']);
export type Role = z.infer<typeof Role>;

/** Whether `role` may do what asks for `needed`. To push, every role may but `viewer`, which changes nothing. */
export function mayActAs(role: Role, needed: Role): boolean {
  if (needed === 'sensor') return role !== 'viewer';
  return Role.options.indexOf(role) >= Role.options.indexOf(needed);
}

/** Parts of the API; a token may be confined to some of them. Each is the first tag of its routes. */
export const Scope = z.enum([
  'actions',
  'adaptations',
  'analyses',
  'approvals',
  'artifacts',
  'attackers',
  'audit',
  'campaigns',
  'config',
  'decisions',
  'events',
  'feeds',
  'live',
  'lures',
  'models',
  'notices',
  'operations',
  'policy',
  'searches',
  'sensors',
  'sessions',
  'sources',
  'stats',
  'tokens',
  'users',
]);
export type Scope = z.infer<typeof Scope>;

/** `cm_` and 256 random bits in base64url. */
export const tokenPattern = /^cm_[A-Za-z0-9_-]{43}$/;

/** Who asks: a program with a token, or a person who signed in. */
export interface Identity {
  readonly kind: 'token' | 'user';
  /** Of the token, or of the person's session. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** The only parts of the API that it may ask; null for all that its role may. */
  readonly scopes: readonly Scope[] | null;
  /** Of a token that is bound to a sensor: what it pushes is that sensor's, whatever the lines say. */
  readonly sensor?: string;
}

/** A token as it may be shown: never the secret, never its hash. */
export const TokenRecord = z.object({
  id: z.string(),
  name: z.string(),
  role: Role,
  scopes: z.array(Scope).nullable().describe('The only parts of the API that it may ask; null for all of its role'),
  sensor: z.string().nullable().describe('Whose lines it pushes, whatever they say; null: any'),
  created_at: z.string(),
  created_by: z.string().nullable(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
});
export type TokenRecord = Readonly<z.infer<typeof TokenRecord>>;
export const TokenPage = page(TokenRecord);

/** What a list shows of a name must be all there is of it. */
export const TokenName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{C}]*$/u, 'must be printable');

export const TokenRequest = z
  .strictObject({
    name: TokenName.describe('What it is for'),
    role: Role.default('viewer'),
    scopes: z.array(Scope).min(1).optional(),
    sensor: SensorName.optional().describe('Binds a token of the role sensor to this name'),
    days: z.int().min(1).max(3650).optional().describe('How long it is good; without it until it is revoked'),
  })
  .refine(
    ({ role, sensor }) => sensor === undefined || role === 'sensor',
    'only a token of the role sensor is bound to one',
  );
export type TokenRequest = Readonly<z.infer<typeof TokenRequest>>;

/** The secret is told once; only its hash is kept. */
export const NewToken = TokenRecord.extend({ secret: z.string() });
