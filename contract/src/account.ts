import type { UserRole } from './api-users.ts';

/** A person, as those need him who let him in. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly role: UserRole;
  readonly isDisabled: boolean;
  /** Null: he has none. */
  readonly passwordHash: string | null;
  /** Of his authenticator, sealed; null where he has none. */
  readonly totpSealed: Uint8Array | null;
  /** False: offered, and not confirmed by a code yet. */
  readonly totpConfirmed: boolean;
  readonly recoveryCodes: number;
}

/** Who vouches for a person, and under which name. */
export interface Voucher {
  readonly issuer: string;
  readonly subject: string;
}

/** A link that lets a person choose a password, once. */
export interface OpenLink {
  /** Null: whoever opens it becomes the first admin. */
  readonly account: Account | null;
  readonly expiresAt: Date;
}
