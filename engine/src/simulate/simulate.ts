import { randomInt } from 'node:crypto';
import { counted } from '../kit/counted.ts';
import { reasonOf } from '../kit/reason-of.ts';
import type { ApiClient } from './api-client.ts';
import { type Visit, type VisitProtocol, webScanner } from './campaign.ts';
import { createChain, type Step } from './chain.ts';
import { playHttp } from './play-http.ts';
import { playSsh } from './play-ssh.ts';
import { playTelnet } from './play-telnet.ts';
import type { Door, Limits, Played } from './played.ts';
import { playSpy } from './spy.ts';

export interface SimulateParts {
  readonly address: string;
  /** A protocol without a port is not played. */
  readonly ports: Readonly<Record<VisitProtocol, number | null>>;
  readonly campaigns: readonly { readonly name: string; readonly visits: readonly Visit[] }[];
  readonly login: { readonly username: string; readonly password: string };
  readonly commandsMax: number;
  readonly patienceMs: number;
  readonly api: ApiClient;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface SimulationReport {
  /** No link is broken; one that a guard held back may be among them. */
  readonly ok: boolean;
  readonly sessions: number;
  readonly commands: number;
  readonly steps: readonly Step[];
}

const players = { ssh: playSsh, telnet: playTelnet, http: playHttp };

/**
 * Plays a visitor who is given a lure, then all campaigns one visit after the other, and follows both to the screen. He comes
 * first: a recorded visit may get a lure too, and after that the honeypot rests.
 */
export async function simulate(parts: SimulateParts): Promise<SimulationReport> {
  const { api, now, sleep, patienceMs } = parts;
  const startedMs = now();
  const chain = createChain({ api, startedMs, now, sleep, patienceMs });
  await chain.begin();
  const feed = await api.listen(chain.hear);
  try {
    const spied = await spy(parts, chain);
    const { played, steps } = await playCampaigns(parts);
    const sentMs = now();
    const seen = await chain.seen(played, sentMs);
    const sessions = chain.sessions();
    const commands = played.reduce((sum, { commands: sent, loggedIn }) => sum + (loggedIn ? sent : 0), 0);
    const assessed = await chain.assessed(sessions, commands, sentMs);
    const shown = await chain.shownLive(sessions, sentMs);
    const all = [...steps, seen, assessed, ...spied, shown];
    return { ok: all.every(({ ok, isHeld }) => ok || isHeld), sessions: played.length, commands, steps: all };
  } finally {
    feed.close();
  }
}

async function playCampaigns(parts: SimulateParts): Promise<{ played: Played[]; steps: Step[] }> {
  const { campaigns, ports, signal, commandsMax, now } = parts;
  const limits: Limits = { signal, commandsLeft: commandsMax };
  const played: Played[] = [];
  const steps: Step[] = [];
  const scanner = ports.http === null ? [] : [{ name: 'web scanner', visits: [webScanner] }];
  for (const { name, visits } of [...campaigns, ...scanner]) {
    const startedMs = now();
    const playable = visits.filter(({ protocol }) => ports[protocol] !== null);
    // A campaign that sets a password in its attacker's world would shut out the next one.
    const done = await playVisits({ ...parts, ...strangersAddress(parts.address) }, playable, limits);
    played.push(...done.played);
    const entered = done.played.filter(({ loggedIn }) => loggedIn).length;
    const sent = done.played.reduce((sum, { commands }) => sum + commands, 0);
    steps.push({
      step: `played ${name}`,
      ok: done.fault === null,
      expected: counted(playable.length, 'visit'),
      came: done.fault ?? `${counted(done.played.length, 'visit')}, ${entered} let in, ${counted(sent, 'command')}`,
      tookMs: Math.round(now() - startedMs),
    });
  }
  return { played, steps };
}

/** One after the other: a honeypot that is asked by all at once is another test. The first that fails ends the campaign. */
async function playVisits(
  { address, from, ports, signal }: SimulateParts & Pick<Door, 'from'>,
  visits: readonly Visit[],
  limits: Limits,
): Promise<{ played: Played[]; fault: string | null }> {
  const played: Played[] = [];
  for (const visit of visits) {
    const port = ports[visit.protocol];
    if (port === null) continue;
    try {
      signal.throwIfAborted();
      const door = { address, port, ...(from === undefined ? {} : { from }) };
      played.push({ ...(await players[visit.protocol](door, visit, limits)), ...door });
    } catch (error) {
      const why = signal.aborted ? 'the time was over' : reasonOf(error);
      return { played, fault: `${counted(played.length, 'visit')}, then at ${visit.protocol} port ${port}: ${why}` };
    }
  }
  return { played, fault: null };
}

async function spy(parts: SimulateParts, chain: ReturnType<typeof createChain>): Promise<readonly Step[]> {
  const { address, ports, login, now, sleep, patienceMs, signal } = parts;
  if (ports.ssh === null) return [];
  try {
    const door = { address, port: ports.ssh, ...strangersAddress(address) };
    return await playSpy({ door, login, chain, now, sleep, patienceMs, signal });
  } catch (error) {
    const came = signal.aborted ? 'the time was over' : reasonOf(error);
    return [{ step: 'touched', ok: false, expected: 'a lure that is planted, read and used', came, tookMs: 0 }];
  }
}

/** Loopback has millions of addresses: each campaign of each run is another attacker, for whom nothing was planted yet and nothing rests. */
function strangersAddress(target: string): Pick<Door, 'from'> {
  if (!target.startsWith('127.') || process.platform !== 'linux') return {};
  return { from: `127.${randomInt(1, 255)}.${randomInt(0, 255)}.${randomInt(1, 255)}` };
}
