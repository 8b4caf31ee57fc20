import { join } from 'node:path';
import { z } from 'zod';
import type { TypedVisit } from '../actor-features.ts';
import type { CredentialCount } from '../credential-model.ts';
import { readJsonLines } from './read-json-lines.ts';

export interface LabelledSession {
  readonly id: string;
  readonly statements: readonly string[];
  readonly labels: readonly string[];
}

const LogPrecisSession = z.object({ id: z.string(), statements: z.array(z.string()), labels: z.array(z.string()) });
const PlainSession = z.object({ session: z.string() });
const Sandbox = z.object({
  events: z.array(
    z.object({ cmd: z.string().default(''), cmd_type: z.string().default(''), timestamp_str: z.string().default('') }),
  ),
});

/** Sessions whose every statement has a tactic. */
export function readLabelledSessions(path: string): LabelledSession[] {
  return readJsonLines(path, LogPrecisSession);
}

/** Sessions as their authors joined them: statements up to each separator. */
export function readPlainSessions(path: string): string[][] {
  return readJsonLines(path, PlainSession).map(({ session }) => splitSession(session));
}

/** What people typed in attack training, and when, one visit per sandbox. */
export function readHumanVisits(folder: string): TypedVisit[] {
  return readJsonLines(join(folder, 'human/kypo_dev.jsonl'), Sandbox)
    .map(({ events }) => events.filter(({ cmd, cmd_type }) => cmd_type === 'bash-command' && cmd !== ''))
    .filter((events) => events.length > 0)
    .map((events) => ({ commands: events.map(({ cmd }) => cmd), ...timesOf(events) }));
}

function timesOf(events: readonly { timestamp_str: string }[]): { epochsMs?: number[] } {
  const epochsMs = events.map(({ timestamp_str }) => Date.parse(timestamp_str));
  return epochsMs.some(Number.isNaN) ? {} : { epochsMs };
}

const CredentialLine = z.object({ line: z.string() });

/** Credentials that were tried, from lines `user:password count`; a password may hold colons and blanks. */
export function readCredentials(path: string): CredentialCount[] {
  return readJsonLines(path, CredentialLine).flatMap(({ line }) => {
    const [, username, password, count] = /^([^:]*):(.*) (\d+)$/s.exec(line) ?? [];
    if (username === undefined || password === undefined) return [];
    return [{ username, password, count: Number(count) }];
  });
}

/** The rule of LogPrecis' authors: split after `; `, `|`, `||` and `&& `; the separator stays with the statement. */
export function splitSession(text: string): string[] {
  return text
    .split(/(?<=; |\|\||&& |(?<!\|)\|(?!\|))/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
