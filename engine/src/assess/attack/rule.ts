import { Severity } from '@cerberusmesh/contract/severity';
import { z } from 'zod';

/** A pattern as policy writes it: a JavaScript regular expression, after `(?i)` where case does not matter. */
export function toPattern(source: string, whole = false): RegExp {
  const anyCase = source.startsWith('(?i)');
  const body = anyCase ? source.slice(4) : source;
  return new RegExp(whole ? `^(?:${body})$` : body, anyCase ? 'im' : 'm');
}

/** Checked when the file is read, so a bad one names itself at start. */
const Pattern = z.string().min(1).max(2000).refine(isPattern, { error: 'is not a regular expression' });

function isPattern(source: string): boolean {
  try {
    toPattern(source);
    return true;
  } catch {
    return false;
  }
}

/** A question to one parsed statement. Every key that is given must hold. */
export interface Condition {
  /** The command's name after wrappers, whole. */
  name?: string | undefined;
  /** Found in the command as written, with its folder. */
  path?: string | undefined;
  /** Whether `known-commands.json` lists the name; a name that nobody knows is often a dropped program. */
  known?: boolean | undefined;
  /** One of the wrappers, whole: `sudo`, `nohup` … */
  via?: string | undefined;
  /** Found in some argument; of a list, each in some argument. */
  arg?: string | string[] | undefined;
  /** Found in the name and arguments joined by blanks. */
  text?: string | undefined;
  /** Found in a path that the statement writes: redirection, `tee`, `cp` and `mv` target, `sed -i`, `dd of=` … */
  writes?: string | undefined;
  /** Found in a path that the statement reads. */
  reads?: string | undefined;
  /** Found in text that it writes or gets on standard input, where that is known. */
  content?: string | undefined;
  /** A later command of its pipeline, whole name. */
  into?: string | undefined;
  /** An earlier command of its pipeline, whole name. */
  from?: string | undefined;
  /** Found in an assignment written `NAME=value`. */
  variable?: string | undefined;
  /** Some statement of the same line, this one included, answers yes. */
  line?: Condition | undefined;
  any?: Condition[] | undefined;
  not?: Condition | undefined;
}

export const Condition: z.ZodType<Condition> = z.lazy(() =>
  z
    .strictObject({
      name: Pattern.optional(),
      path: Pattern.optional(),
      known: z.boolean().optional(),
      via: Pattern.optional(),
      arg: z.union([Pattern, z.array(Pattern).min(1)]).optional(),
      text: Pattern.optional(),
      writes: Pattern.optional(),
      reads: Pattern.optional(),
      content: Pattern.optional(),
      into: Pattern.optional(),
      from: Pattern.optional(),
      variable: Pattern.optional(),
      line: Condition.optional(),
      any: z.array(Condition).min(1).optional(),
      not: Condition.optional(),
    })
    .refine((condition) => Object.keys(condition).length > 0, { error: 'asks nothing' }),
);

/** What a kind of statement means in ATT&CK's words. */
export const AttackRule = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  /** One or more ATT&CK v18 techniques, the most telling first. */
  techniques: z.array(z.string().regex(/^T\d{4}(\.\d{3})?$/)).min(1),
  confidence: z.number().min(0).max(1),
  /** How grave the statement is when nothing else is known: a feature that the severity model weighs, no verdict. */
  gravity: Severity,
  when: Condition,
  /** Lines that must match, and lines that look alike but must not; both are run as tests. */
  matches: z.array(z.string().min(1)).min(1),
  ignores: z.array(z.string().min(1)).min(1),
});
export type AttackRule = Readonly<z.infer<typeof AttackRule>>;

/** A rule with ATT&CK's name of the tactic that its file is for. */
export type PlacedRule = AttackRule & { readonly tactic: string };

export const AttackRuleFile = z.array(AttackRule);
