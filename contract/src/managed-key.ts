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

const PrivateKey = z
  .string()
  .min(1)
  .max(16_384)
  .describe('The private key that logs in now, OpenSSH or PEM, no pass phrase');
const RestHours = z.number().int().min(0).max(8760).default(24).describe('So long it is left alone after a rotation');

/** What an admin says of a key on a host that CerberusMesh may rotate over SSH. */
export const SshKeyOrder = z.strictObject({
  kind: z.literal('ssh').default('ssh'),
  host: Host,
  port: z.number().int().min(1).max(65_535).default(22),
  username: UserName,
  host_key: Fingerprint.describe("The host's own key: ssh-keyscan HOST | ssh-keygen -lf -"),
  private_key: PrivateKey,
  authorized_keys: RemotePath.default('.ssh/authorized_keys'),
  rest_hours: RestHours,
});

/** The same of a key pair at AWS EC2, which new machines are started with. */
export const Ec2KeyOrder = z.strictObject({
  kind: z.literal('ec2'),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as eu-central-1'),
  pair_name: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'a name without spaces, of at most 200 characters')
    .describe("The pair's name at AWS"),
  private_key: PrivateKey,
  rest_hours: RestHours,
});

export const ManagedKeyOrder = z.discriminatedUnion('kind', [SshKeyOrder, Ec2KeyOrder]);
export type ManagedKeyOrder = Readonly<z.output<typeof ManagedKeyOrder>>;

/** As lists show it; the private key never leaves. What belongs to the other kind is null. */
export const ManagedKeyRecord = z.object({
  name: z.string(),
  kind: z.enum(['ssh', 'ec2']),
  host: z.string().nullable(),
  port: z.number().nullable(),
  username: z.string().nullable(),
  host_key: z.string().nullable(),
  authorized_keys: z.string().nullable(),
  region: z.string().nullable(),
  pair_name: z.string().nullable(),
  public_key: z.string(),
  fingerprint: z.string(),
  rest_hours: z.number(),
  created_at: z.string(),
  rotated_at: z.string().nullable(),
});
export type ManagedKeyRecord = Readonly<z.infer<typeof ManagedKeyRecord>>;

interface KeyInUse {
  readonly name: string;
  /** Type and base64, as in authorized_keys. */
  readonly publicKey: string;
  /** `enc:v1:…` */
  readonly sealedKey: string;
  readonly restHours: number;
  readonly rotatedAt: Date | null;
}

/** A key that logs in to a host. */
export interface ManagedSshKey extends KeyInUse {
  readonly kind: 'ssh';
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly hostKey: string;
  readonly authorizedKeys: string;
}

/** A key pair at AWS. */
export interface ManagedKeyPair extends KeyInUse {
  readonly kind: 'ec2';
  readonly region: string;
  readonly pairName: string;
}

/** A managed key as the action needs it. */
export type ManagedKey = ManagedSshKey | ManagedKeyPair;

export const RotateKeyParameters = z.strictObject({
  /** Name of a managed key; without it, those whose key the session tried, or whose user name if it is not root. */
  key: queryText(63).optional(),
  /** Id of a planted key or password that was cracked. */
  lure: z.guid().optional(),
});
export type RotateKeyParameters = Readonly<z.output<typeof RotateKeyParameters>>;

export const rotateKeyDeclaration = {
  kind: 'rotate_key',
  does: 'Replaces a key that others have: of a managed host, a new one is installed beside the old, logged in with, the old one removed and made sure to fail; of a key pair at AWS EC2, a new pair is made, seen in the list, handed over, and the old one deleted; a planted key that was cracked is planted anew, with other secrets.',
  needs: [
    'for real keys: one made known with PUT /api/managed-keys/NAME, and CERBERUS_MASTER_KEY, under which private keys are sealed',
    'for planted ones: a Cowrie that was prepared',
  ],
  parameters: RotateKeyParameters,
  example: { key: 'web-1' },
  undo: 'A rotation that fails at any step puts the old key back. One that was verified stays: the old key is worth nothing.',
  reversible: false,
  deadlineSeconds: 120,
  budgetPerHour: 20,
} satisfies ActionDeclaration;
