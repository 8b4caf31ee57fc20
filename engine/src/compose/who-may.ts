import type { Config } from '../config.ts';
import { createBox } from '../kit/box.ts';
import type { Clock } from '../kit/clock.ts';
import type { TokenLookup } from '../serve/authentication.ts';
import { noteRefusals } from '../serve/refusals.ts';
import { createCookieJar } from '../serve/who/cookies.ts';
import { createDeviceMarks } from '../serve/who/device-marks.ts';
import { createPasswords, type Passwords } from '../serve/who/passwords.ts';
import { createSecondFactors } from '../serve/who/second-factors.ts';
import { createSignIn } from '../serve/who/sign-in.ts';
import { createSingleSignOn, type SingleSignOn } from '../serve/who/single-sign-on.ts';
import { createThrottle } from '../serve/who/throttle.ts';
import type { WhoMay } from '../serve/who/who-may.ts';
import { appendAudit } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import type { Tokens } from '../store/tokens.ts';
import { createUserLinks } from '../store/user-links.ts';
import { createUserSessions, sessionSecretPattern, type UserSessions } from '../store/user-sessions.ts';
import { createUsers } from '../store/users.ts';

export interface ComposedWhoMay {
  readonly whoMay: WhoMay;
  /** Tokens and sessions alike. */
  readonly lookup: TokenLookup;
  readonly sweep: () => Promise<void>;
}

/** People and tokens: who may come in, and as what. */
export function composeWhoMay(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly installKey: Uint8Array;
  readonly tokens: Tokens;
  readonly config: Pick<Config, 'http' | 'oidc'>;
  /** Where the API listens; known once it does. */
  readonly url: () => string;
  readonly passwords?: Passwords;
}): ComposedWhoMay {
  const { database, clock, installKey, tokens, config } = parts;
  const publicUrl = () => config.http.publicUrl ?? parts.url();
  const users = createUsers({ database, clock });
  const sessions = createUserSessions({ database, clock });
  const passwords = parts.passwords ?? createPasswords();
  const deviceMarks = createDeviceMarks(installKey);
  const secondFactors = createSecondFactors({ store: users, box: createBox(installKey, 'authenticators'), clock });
  const note = noteRefusals((entry) => appendAudit(database.pool, entry), clock, 'user.refused');
  return {
    whoMay: {
      ...{
        users,
        sessions,
        tokens,
        passwords,
        deviceMarks,
        secondFactors,
        singleSignOn: configuredSingleSignOn(config, publicUrl),
      },
      links: createUserLinks({ database, clock }),
      signIn: createSignIn({
        ...{ findUser: users.find, passwords, secondFactors, deviceMarks, clock },
        throttle: createThrottle(clock),
        refused: (name, address) => note(address, { name }),
      }),
      jar: createCookieJar(config.http.publicUrl?.startsWith('https:') === true),
      linkTo: (token) => `${publicUrl().replace(/\/+$/, '')}/#/welcome/${token}`,
    },
    lookup: lookUpBoth(tokens, sessions),
    sweep: sessions.sweep,
  };
}

/** An OpenID provider, where one is configured. */
function configuredSingleSignOn(config: Pick<Config, 'oidc'>, publicUrl: () => string): SingleSignOn | null {
  const { issuer, clientId, clientSecret, label, roleClaim, admins, operators, viewers } = config.oidc;
  if (issuer === null || clientId === null || clientSecret === null) return null;
  const secret = clientSecret.reveal();
  return createSingleSignOn({
    ...{ issuer, clientId, clientSecret: secret, label, roleClaim, admins, operators, viewers, publicUrl },
  });
}

function lookUpBoth(tokens: Tokens, sessions: UserSessions): TokenLookup {
  return {
    verify: (secret) => (sessionSecretPattern.test(secret) ? sessions.verify(secret) : tokens.verify(secret)),
    isValid: async (id) => (await tokens.isValid(id)) || (await sessions.isValid(id)),
  };
}
