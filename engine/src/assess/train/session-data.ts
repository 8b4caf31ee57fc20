import { join } from 'node:path';
import { z } from 'zod';
import { readJsonLines } from './read-json-lines.ts';

export interface LabelledSession {
  readonly id: string;
  readonly statements: readonly string[];
  readonly labels: readonly string[];
}

const LogPrecisSession = z.object({ id: z.string(), statements: z.array(z.string()), labels: z.array(z.string()) });
const PlainSession = z.object({ session: z.string() });
const Sandbox = z.object({
  events: z.array(z.object({ cmd: z.string().default(''), cmd_type: z.string().default('') })),
});

/** Sessions whose every statement has a tactic. */
export function readLabelledSessions(path: string): LabelledSession[] {
  return readJsonLines(path, LogPrecisSession);
}

/** Sessions as their authors joined them: statements up to each separator. */
export function readPlainSessions(path: string): string[][] {
  return readJsonLines(path, PlainSession).map(({ session }) => splitSession(session));
}

/** What people typed in attack training, one list per sandbox. */
export function readHumanSessions(folder: string): string[][] {
  return readJsonLines(join(folder, 'human/kypo_dev.jsonl'), Sandbox)
    .map(({ events }) =>
      events.filter(({ cmd, cmd_type }) => cmd_type === 'bash-command' && cmd !== '').map(({ cmd }) => cmd),
    )
    .filter((commands) => commands.length > 0);
}

/** The rule of LogPrecis' authors: split after `; `, `|`, `||` and `&& `; the separator stays with the statement. */
export function splitSession(text: string): string[] {
  return text
    .split(/(?<=; |\|\||&& |(?<!\|)\|(?!\|))/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
