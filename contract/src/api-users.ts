import { z } from 'zod';
import { page, queryText } from './api.ts';
import { Role, Scope } from './api-tokens.ts';

/** What a person may be. A sensor is no person. */
export const UserRole = z.enum(['viewer', 'operator', 'admin']);
export type UserRole = z.infer<typeof UserRole>;

/** It stands in the audit log and on screens: nothing in it may be mistaken for anything else. */
export const UserName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/,
    'letters, digits and . _ @ + -, at most 64, the first a letter or digit',
  );

/** Length is what counts against guessing; 256 keeps a stranger's password from costing us work. */
export const Password = queryText(256).describe('At least 12 characters');
export const passwordCharactersMin = 12;

const Code = z.string().trim().min(6).max(40).describe('Six digits of the authenticator, or a recovery code');

export const SignInRequest = z.strictObject({
  name: z.string().min(1).max(64),
  password: Password,
  code: Code.optional(),
});
export type SignInRequest = Readonly<z.infer<typeof SignInRequest>>;

/** `second_factor`: the password is right; ask again, with a code. */
export const SignInAnswer = z.object({ state: z.enum(['signed_in', 'second_factor']) });

export const SignInWays = z.object({
  single_sign_on: z.string().nullable().describe('What the button says; null where no OpenID provider is configured'),
  has_cookie: z
    .boolean()
    .describe("Whether a session's cookie came along, which no script can see; /api/me says whether it holds"),
});
export type SignInWays = Readonly<z.infer<typeof SignInWays>>;

/** Who asks. */
export const Me = z.object({
  kind: z.enum(['token', 'user']),
  name: z.string(),
  role: Role,
  scopes: z.array(Scope).nullable(),
  csrf_token: z.string().nullable().describe('A signed-in person sends it as X-CSRF-Token with all but GET'),
  has_password: z.boolean(),
  second_factor: z.boolean(),
  recovery_codes: z.int().describe('Left'),
});
export type Me = Readonly<z.infer<typeof Me>>;

export const PasswordChange = z.strictObject({ current: Password, wanted: Password });
export const TotpOffer = z.object({
  secret: z.string().describe('Base32, for typing'),
  uri: z.string().describe('otpauth://, for drawing'),
});
export const TotpConfirmation = z.strictObject({ code: Code });
export const RecoveryCodes = z.object({ recovery_codes: z.array(z.string()).describe('Each is good once') });
export const TotpRemoval = z.strictObject({ password: Password });

export const UserRecord = z.object({
  name: z.string(),
  role: UserRole,
  state: z.enum(['active', 'invited', 'disabled']).describe('invited: has not followed the link yet'),
  single_sign_on: z.string().nullable().describe('The OpenID provider that vouches for this person'),
  second_factor: z.boolean(),
  sessions: z.int().describe('Open ones'),
  created_at: z.string(),
  last_sign_in_at: z.string().nullable(),
});
export type UserRecord = Readonly<z.infer<typeof UserRecord>>;
export const UserPage = page(UserRecord);

export const UserRequest = z.strictObject({ name: UserName, role: UserRole.default('viewer') });
export const UserPatch = z
  .strictObject({ role: UserRole.optional(), disabled: z.boolean().optional() })
  .refine((patch) => Object.keys(patch).length > 0, 'name role, disabled or both');
export type UserPatch = Readonly<z.infer<typeof UserPatch>>;

/** A link that is good once: whoever opens it chooses the password. */
export const UserLink = z.object({ name: z.string(), link: z.string(), expires_at: z.string() });
export type UserLink = Readonly<z.infer<typeof UserLink>>;

/** Without a password it only tells what the link is for. */
export const WelcomeRequest = z
  .strictObject({
    token: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    name: UserName.optional(),
    password: Password.optional(),
  })
  .refine(({ name, password }) => name === undefined || password !== undefined, 'a name needs a password');
export type WelcomeRequest = Readonly<z.infer<typeof WelcomeRequest>>;
export const WelcomeAnswer = z.object({
  state: z.enum(['open', 'signed_in', 'password_set']).describe('password_set: sign in now, with a code'),
  name: z.string().nullable().describe('Null where the first admin chooses it'),
  expires_at: z.string(),
});
export type WelcomeAnswer = Readonly<z.infer<typeof WelcomeAnswer>>;
