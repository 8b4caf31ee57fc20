import { z } from 'zod';

/** `sensor` may push events and nothing else; each of the others may do all that the ones before it may. */
export const Role = z.enum(['sensor', 'viewer', 'operator', 'admin']);
export type Role = z.infer<typeof Role>;

export function mayActAs(role: Role, needed: Role): boolean {
  if (needed === 'sensor') return role !== 'viewer';
  return Role.options.indexOf(role) >= Role.options.indexOf(needed);
}

/** `cm_` and 256 random bits in base64url. */
export const tokenPattern = /^cm_[A-Za-z0-9_-]{43}$/;

/** Who asks. */
export interface Identity {
  readonly tokenId: string;
  readonly name: string;
  readonly role: Role;
}

/** A token as it may be shown: never the secret, never its hash. */
export interface TokenRecord {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
}
