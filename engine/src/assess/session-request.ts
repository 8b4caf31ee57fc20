import { z } from 'zod';
import type { Catalogue } from './attack/catalogue.ts';
import type { createSessionJudge, SessionInput, StatementAssessment } from './judge-session.ts';

/**
 * One line for `cerberus assess`: whole command lines, with `times` in seconds from any start where they are known, or
 * statements that were split already.
 */
const SessionRequest = z.union([
  z
    .object({
      id: z.union([z.string(), z.number()]),
      commands: z.array(z.string()),
      times: z.array(z.number()).optional(),
    })
    .refine(({ commands, times }) => times === undefined || times.length === commands.length),
  z.object({ id: z.union([z.string(), z.number()]), statements: z.array(z.string()) }),
]);
type SessionRequest = z.infer<typeof SessionRequest>;

export type AttackVersion = '18' | '19';

/** Answers one line of JSON with one line of JSON; a line that cannot be read is answered with its fault. */
export function answerLine(
  line: string,
  { judgeSession, catalogue }: { judgeSession: ReturnType<typeof createSessionJudge>; catalogue: Catalogue },
  attack: AttackVersion,
): string {
  const request = readRequest(line);
  if ('error' in request) return JSON.stringify(request);
  const { statements, ...session } = judgeSession(inputOf(request));
  return JSON.stringify({
    id: request.id,
    ...session,
    statements: attack === '18' ? statements : statements.map((statement) => inV19(statement, catalogue)),
  });
}

function inputOf(request: SessionRequest): SessionInput {
  if ('statements' in request) return { statements: request.statements };
  const { commands, times } = request;
  return times === undefined ? { commands } : { commands, epochsMs: times.map((seconds) => seconds * 1000) };
}

function inV19(statement: StatementAssessment, catalogue: Catalogue): StatementAssessment {
  const ids = statement.techniques.map(({ id }) => id);
  return {
    ...statement,
    tactic: catalogue.tacticInV19(statement.tactic, ids),
    techniques: statement.techniques.map((technique) => ({ ...technique, id: catalogue.toV19(technique.id) })),
  };
}

function readRequest(line: string): SessionRequest | { id: string | number | null; error: string } {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { id: null, error: 'Expected one JSON object a line, came no JSON.' };
  }
  const parsed = SessionRequest.safeParse(json);
  if (parsed.success) return parsed.data;
  return {
    id: idOf(json),
    error:
      'Expected {"id", "commands": [text, …]}, with "times": [seconds, …] for each or none, or {"id", "statements": [text, …]}.',
  };
}

function idOf(json: unknown): string | number | null {
  const known = z.object({ id: z.union([z.string(), z.number()]) }).safeParse(json);
  return known.success ? known.data.id : null;
}
