import { z } from 'zod';
import type { ActionDeclaration } from './action.ts';
import { queryText } from './api.ts';

/** Ends up in file names, arguments and sealed values, so it is plain. */
export const ManagedKeyName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'small letters, digits, dot, dash and _');

const Host = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9._:-]{0,251}[A-Za-z0-9])?$/, 'a host name or an address');
const UserName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/, 'a user name');

/** As `ssh-keygen -l` prints it. */
export const Fingerprint = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'SHA256: and 43 characters');

/** A path on the managed host: absolute, or below the user's home. */
const RemotePath = z
  .string()
  .max(1024)
  .regex(/^[^\0\n]+$/, 'a path')
  .refine((path) => !path.startsWith('-'), 'a path that does not begin with a dash');

/** What an admin says of a key that CerberusMesh may rotate. */
export const ManagedKeyOrder = z.strictObject({
  host: Host,
  port: z.number().int().min(1).max(65_535).default(22),
  username: UserName,
  host_key: Fingerprint.describe("The host's own key: ssh-keyscan HOST | ssh-keygen -lf -"),
  private_key: z
    .string()
    .min(1)
    .max(16_384)
    .describe('The private key that logs in now, OpenSSH or PEM, no pass phrase'),
  authorized_keys: RemotePath.default('.ssh/authorized_keys'),
  rest_hours: z.number().int().min(0).max(8760).default(24).describe('So long it is left alone after a rotation'),
});
export type ManagedKeyOrder = Readonly<z.output<typeof ManagedKeyOrder>>;

/** As lists show it; the private key never leaves. */
export const ManagedKeyRecord = z.object({
  name: z.string(),
  host: z.string(),
  port: z.number(),
  username: z.string(),
  host_key: z.string(),
  authorized_keys: z.string(),
  public_key: z.string(),
  fingerprint: z.string(),
  rest_hours: z.number(),
  created_at: z.string(),
  rotated_at: z.string().nullable(),
});
export type ManagedKeyRecord = Readonly<z.infer<typeof ManagedKeyRecord>>;

/** A managed key as the action needs it. */
export interface ManagedKey {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly hostKey: string;
  readonly authorizedKeys: string;
  /** Type and base64, as in authorized_keys. */
  readonly publicKey: string;
  /** `enc:v1:…` */
  readonly sealedKey: string;
  readonly restHours: number;
  readonly rotatedAt: Date | null;
}

export const RotateKeyParameters = z.strictObject({
  /** Name of a managed key; without it, those whose key the session tried, or whose user name if it is not root. */
  key: queryText(63).optional(),
});
export type RotateKeyParameters = Readonly<z.output<typeof RotateKeyParameters>>;

export const rotateKeyDeclaration: ActionDeclaration = {
  kind: 'rotate_key',
  does: 'Replaces the SSH key of a managed host: installs a new one beside the old, logs in with it, removes the old one, and makes sure that the old one fails.',
  needs: [
    'a key made known with PUT /api/managed-keys/NAME',
    'CERBERUS_MASTER_KEY, under which private keys are sealed',
  ],
  parameters: RotateKeyParameters,
  example: { key: 'web-1' },
  undo: 'A rotation that fails at any step puts the old key back. One that was verified stays: the old key is worth nothing.',
  reversible: false,
  deadlineSeconds: 120,
  budgetPerHour: 20,
};
