import type { Account, OpenLink, Voucher } from '@cerberusmesh/contract/account';
import type { Role, Scope, TokenRecord } from '@cerberusmesh/contract/api-tokens';
import type { UserPatch, UserRecord, UserRole } from '@cerberusmesh/contract/api-users';
import type { CookieJar } from './cookies.ts';
import type { DeviceMarks } from './device-marks.ts';
import type { Passwords } from './passwords.ts';
import type { SecondFactors } from './second-factors.ts';
import type { SignInOutcome, SignInTry } from './sign-in.ts';
import type { SingleSignOn } from './single-sign-on.ts';

export interface UserDirectory {
  list(): Promise<UserRecord[]>;
  find(name: string): Promise<Account | undefined>;
  findBySession(sessionId: string): Promise<Account | undefined>;
  findByVoucher(voucher: Voucher): Promise<Account | undefined>;
  create(user: { name: string; role: UserRole; voucher: Voucher | null }, actor: string): Promise<Account>;
  change(name: string, patch: UserPatch, actor: string): Promise<UserRecord | undefined>;
  setPassword(user: Account, hash: string, keptSession: string | null, actor: string): Promise<void>;
  dropTotp(user: Account, actor: string): Promise<void>;
}

export interface SessionDesk {
  open(user: Account, address: string, how: string): Promise<string>;
  end(sessionId: string, actor: string): Promise<void>;
}

export interface LinkDesk {
  make(
    user: Account | null,
    hours: number,
    actor: string,
  ): Promise<{ readonly token: string; readonly expiresAt: Date }>;
  find(token: string): Promise<OpenLink | undefined>;
  use(token: string, name: string, passwordHash: string): Promise<Account | undefined>;
}

export interface TokenDesk {
  list(): Promise<TokenRecord[]>;
  create(
    token: { name: string; role: Role; expiresAt: Date | null; scopes?: readonly Scope[] },
    actor: string,
  ): Promise<{ readonly secret: string; readonly record: TokenRecord }>;
  revoke(idOrName: string, actor: string): Promise<number>;
}

/** All that the routes of people and tokens need. */
export interface WhoMay {
  readonly users: UserDirectory;
  readonly sessions: SessionDesk;
  readonly links: LinkDesk;
  readonly tokens: TokenDesk;
  readonly passwords: Passwords;
  readonly secondFactors: SecondFactors;
  readonly deviceMarks: DeviceMarks;
  readonly signIn: (given: SignInTry) => Promise<SignInOutcome>;
  /** Null where no provider is configured. */
  readonly singleSignOn: SingleSignOn | null;
  readonly jar: CookieJar;
  /** The page's address for a link's token. */
  readonly linkTo: (token: string) => string;
}
