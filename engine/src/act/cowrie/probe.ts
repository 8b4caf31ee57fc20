import { dirname } from 'node:path/posix';
import type { Sight, Sighting } from '@cerberusmesh/contract/adaptation';
import { reasonOf } from '../../kit/reason-of.ts';
import { bannerPath } from './manifest.ts';
import { createProbeMark } from './probe-mark.ts';
import { openShell, type Shell } from './shell-visit.ts';
import type { Credentials } from './user-db.ts';

/** What a visitor is expected to see at one place. */
export type Look = FileLook | CommandLook;

/** By `ls` and `cat`. */
export interface FileLook {
  readonly path: string;
  readonly content: string;
}

export interface CommandLook {
  readonly command: string;
  readonly shows: string;
}

export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
  readonly credentials: Credentials;
}

export interface Probe {
  /** Visits as an attacker and compares. Never rejects: a visit that failed is a sighting with the reason. */
  look(target: ProbeTarget, looks: readonly Look[], signal: AbortSignal): Promise<Sighting>;
}

const sawCharactersMax = 2_000;

export interface ProbeOptions {
  /** The installation's own; visits are known by it and left out of every statistic. */
  readonly key: Uint8Array;
  readonly now: () => Date;
  /** Told what the probe says it is, before it visits. */
  readonly announce?: (version: string) => Promise<void>;
}

/** Visits as an attacker and says what he would see. Faults on the way are told in the sighting's `why`, not thrown. */
export function createProbe({ key, now, announce }: ProbeOptions): Probe {
  return {
    async look({ host, port, credentials }, looks, signal) {
      const started = now();
      const seal = (sighting: Pick<Sighting, 'verified' | 'looked' | 'why' | 'sights'>): Sighting => ({
        ...sighting,
        at: started.toISOString(),
        tookMs: now().getTime() - started.getTime(),
      });
      try {
        const ident = createProbeMark(key);
        await announce?.(`SSH-2.0-${ident}`);
        const shell = await openShell({ host, port, ...credentials, ident, signal });
        const sights = await lookAround(shell, looks).finally(() => shell.close());
        const failed = sights.find((sight) => !sight.verified);
        const why = failed?.why ?? `${sights.length} of ${sights.length} places show what was planted.`;
        return seal({ verified: failed === undefined, looked: true, why, sights });
      } catch (error) {
        const why = signal.aborted ? 'it did not answer in time' : reasonOf(error).replace(/\.$/, '');
        return seal({
          verified: false,
          looked: false,
          why: `The probe could not look at ${host}:${port}: ${why}.`,
          sights: [],
        });
      }
    },
  };
}

async function lookAround(shell: Shell, looks: readonly Look[]): Promise<Sight[]> {
  const sights: Sight[] = [];
  for (const look of looks) {
    if ('command' in look) {
      sights.push(judge(look.command, look.command, await shell.type(look.command), look.shows));
      continue;
    }
    if (look.path === bannerPath)
      sights.push(judge(look.path, 'the banner before the login', shell.banner, look.content));
    const listing = await shell.type(`ls -la ${dirname(look.path)}`);
    sights.push(judgeSize(look, listing));
    sights.push(judge(look.path, `cat ${look.path}`, await shell.type(`cat ${look.path}`), look.content));
  }
  return sights;
}

function judge(path: string, what: string, shown: string, expected: string): Sight {
  const verified = shown.trimEnd() === expected.trimEnd();
  const why = verified ? `${what} shows what was planted.` : `${what} shows something else than what was planted.`;
  return { path, verified, why, saw: shown.slice(0, sawCharactersMax) };
}

/** `ls` takes sizes from the pickle and `cat` bytes from the file; where they disagree, a careful visitor knows. */
function judgeSize({ path, content }: FileLook, listing: string): Sight {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const line = listing.split('\n').find((candidate) => candidate.endsWith(` ${name}`)) ?? '';
  const size = Number(line.split(/\s+/)[4]);
  const expected = Buffer.byteLength(content);
  const verified = size === expected;
  const seen = line === '' ? 'no such file' : `${size} bytes`;
  const why = `ls shows ${seen}, and the content has ${expected} bytes.`;
  return { path, verified, why, saw: (line || listing).slice(0, sawCharactersMax) };
}
