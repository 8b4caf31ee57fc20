import { z } from 'zod';
import { Score } from './assessment.ts';
import { AdaptationType, Companion, DecisionKind } from './decision.ts';
import { findIdleChoices, TrapChoice } from './insert-trap.ts';
import { LaunchDecoyParameters } from './launch-decoy.ts';
import { LockDownParameters } from './lock-down.ts';
import { RotateKeyParameters } from './managed-key.ts';
import { MonitorParameters } from './monitor.ts';
import { Network } from './network.ts';
import { EscalateParameters } from './notice.ts';
import { PluginParameters } from './plugin.ts';
import { Severity } from './severity.ts';

const count = z.number().int().min(1).max(1_000_000);
const minutes = z.number().int().min(1).max(43_200);
const seconds = z.number().int().min(0).max(86_400);
const words = z.array(z.string().min(2).max(200)).min(1).max(200);

/** What each action takes from a rule; what an adaptation is made of, the rule says beside its parameters. */
const parametersOf: Record<DecisionKind, z.ZodType> = {
  monitor: MonitorParameters,
  rotate_key: RotateKeyParameters,
  launch_decoy: LaunchDecoyParameters,
  escalate: EscalateParameters,
  insert_trap: TrapChoice,
};

/** The same of what is done beside it, which is about the attacker whom the decision is about. */
const parametersBeside: Record<Companion, z.ZodType> = {
  lock_down: LockDownParameters.omit({ address: true }),
  plugin: PluginParameters,
};

/** Beside a fault: parameters that the action does not know, those that it does, and which action that is. */
export const UnknownParameters = z.object({ keys: z.array(z.string()), known: z.array(z.string()), taker: z.string() });
export type UnknownParameters = z.infer<typeof UnknownParameters>;

/** All of what is named must hold. A rule with no condition holds for every session. */
export const RuleCondition = z
  .strictObject({
    severityAtLeast: Severity,
    threatScoreAtLeast: Score.describe('Of the session, raised by the language model within llmRaiseMax'),
    threatScoreAbove: Score,
    threatScoreBelow: Score,
    confidenceAtLeast: Score,
    anomalyScoreAtLeast: Score,
    noveltyAtLeast: Score,
    reputationAtLeast: Score.describe('What reputation providers say of the address; never holds where none was asked'),
    techniquesAny: z
      .array(z.string().regex(/^(AML\.)?T\d{4}(\.\d{3})?$/, 'expected a technique id such as T1552 or T1552.001'))
      .min(1)
      .describe('Technique ids; a parent (T1552) covers its sub-techniques'),
    attackTypesAny: words,
    looksForAny: words.describe('Words in any of the latest commands, in any case: what the visitor looks for'),
    loggedIn: z.boolean(),
    failedLoginsAtLeast: count.describe('In this session'),
    commandsAtLeast: count.describe('In this session'),
    transfersAtLeast: count.describe('In this session'),
    attackerSessionsAtLeast: count.describe('Repetition: sessions of this address, this one included'),
    attackerHighEventsAtLeast: count,
    touchesAtLeast: count.describe('Lures of ours that this address has used'),
    inCampaign: z.boolean(),
    campaignsAny: words,
    actor: z.enum(['script', 'human']),
    managedKey: z.boolean().describe('Credentials of a managed host were tried'),
    lureKey: z.boolean().describe('A key or password that we had planted is tried, and can be planted anew'),
    llmRecommendsAny: z.array(DecisionKind).min(1).describe('The language model advises one of these'),
    sensorsAny: words,
    networksAny: z.array(Network).min(1).describe('The address lies in one of these'),
  })
  .partial();
export type RuleCondition = Readonly<z.infer<typeof RuleCondition>>;

const RuleParts = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/, 'expected small letters, digits and dashes'),
  why: z.string().min(1).max(500).describe('A sentence that ends up in the decision'),
  when: RuleCondition,
  decision: DecisionKind,
  adaptations: z.array(AdaptationType).default([]),
  choose: z
    .enum(['all', 'one'])
    .default('all')
    .describe('`one`: of the adaptations, the one that visitors touch most; the others are still tried now and then'),
  also: z.array(Companion).default([]).describe('What is done in the same breath'),
  parameters: z.record(z.string(), z.json()).default({}).describe("The action's own"),
  alsoParameters: z
    .partialRecord(Companion, z.record(z.string(), z.json()))
    .optional()
    .describe('The same of what is done beside it, by its name'),
  lastsMinutes: minutes.optional().describe('How long it stands'),
  cooldownSeconds: seconds.optional().describe("Instead of the guards' one"),
  approvalMinutes: minutes.optional().describe('Ask a person, who has so long to agree'),
});

/** Lets what is said of some parts together be said whatever is wrong with the others. */
function whereSound(...parts: (keyof typeof RuleParts.shape)[]) {
  const these = z.object(Object.fromEntries(parts.map((part) => [part, RuleParts.shape[part]])));
  return { when: ({ value }: { readonly value: unknown }) => these.safeParse(value).success };
}

export const PolicyRule = RuleParts.refine((rule) => rule.adaptations.length === 0 || rule.decision === 'insert_trap', {
  path: ['adaptations'],
  error: 'only insert_trap carries adaptations; remove them, or change the decision',
  ...whereSound('decision', 'adaptations'),
})
  .refine((rule) => rule.adaptations.length > 0 || rule.decision !== 'insert_trap', {
    path: ['adaptations'],
    error: 'insert_trap needs at least one adaptation, such as AWS_CREDENTIALS',
    ...whereSound('decision', 'adaptations'),
  })
  .superRefine(
    ({ decision, parameters }, context) => {
      for (const { path, message, params } of faultsOf(parametersOf[decision], parameters, decision)) {
        context.addIssue({ code: 'custom', path: ['parameters', ...path], message, ...params });
      }
    },
    whereSound('decision', 'parameters'),
  )
  .superRefine(
    ({ decision, adaptations, parameters }, context) => {
      const choice = decision === 'insert_trap' ? (TrapChoice.safeParse(parameters).data ?? {}) : {};
      for (const { key, error } of findIdleChoices(choice, adaptations)) {
        context.addIssue({ code: 'custom', path: ['parameters', key], message: error });
      }
    },
    whereSound('decision', 'adaptations', 'parameters'),
  )
  .superRefine(
    ({ also, alsoParameters = {} }, context) => {
      for (const kind of Companion.options) {
        const given = alsoParameters[kind];
        if (given === undefined) continue;
        const at = ['alsoParameters', kind];
        const idle = `add ${kind} to also, or remove this`;
        if (!also.includes(kind)) context.addIssue({ code: 'custom', path: at, message: idle });
        for (const { path, message, params } of faultsOf(parametersBeside[kind], given, kind)) {
          context.addIssue({ code: 'custom', path: [...at, ...path], message, ...params });
        }
      }
    },
    whereSound('also', 'alsoParameters'),
  )
  .refine((rule) => rule.also.length === 0 || rule.decision !== 'monitor' || rule.lastsMinutes !== undefined, {
    path: ['also'],
    error: 'a monitor without lastsMinutes does nothing, so nothing is done beside it; add lastsMinutes',
    ...whereSound('also', 'decision', 'lastsMinutes'),
  })
  .refine((rule) => rule.id !== 'none', {
    path: ['id'],
    error: '`none` is what a decision says where no rule held',
    ...whereSound('id'),
  });
export type PolicyRule = Readonly<z.infer<typeof PolicyRule>>;

function faultsOf(schema: z.ZodType, given: unknown, action: DecisionKind | Companion) {
  const taker = `as ${action} takes it`;
  return (schema.safeParse(given).error?.issues ?? []).map((issue) => {
    const message = `${issue.message}, ${taker}`;
    if (issue.code !== 'unrecognized_keys' || issue.path.length > 0) return { path: issue.path, message, params: {} };
    const form = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    const params: UnknownParameters = { keys: issue.keys, known: Object.keys(form.properties ?? {}), taker };
    return { path: [], message, params: { params } };
  });
}

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as 22:00');

/** What limits the rules. */
export const PolicyGuards = z.strictObject({
  cooldownSeconds: z.partialRecord(DecisionKind, seconds).default({}).describe('Rest of a target, for each kind'),
  budgetPerHour: z.partialRecord(DecisionKind, z.number().int().min(0).max(10_000)).default({}),
  blastRadius: z
    .strictObject({ targetsMax: count, withinMinutes: minutes })
    .default({ targetsMax: 10, withinMinutes: 10 })
    .describe('So many different sensors and keys at most may be changed within that time'),
  never: z
    .strictObject({
      networks: z.array(Network).default([]),
      usernames: z.array(z.string().min(1).max(64)).default([]),
      keyFingerprints: z.array(z.string().min(1).max(200)).default([]),
    })
    .prefault({})
    .describe('Our own networks and people: nothing is ever done about them'),
  lockDownSensors: z
    .array(z.string().min(1).max(255))
    .max(1000)
    .nullable()
    .default(null)
    .describe(
      'Sensors whose sessions may lock an address out; null: all. One that was taken over tells of any address',
    ),
  quietHours: z
    .strictObject({ from: clock, to: clock, timeZone: z.string().default('UTC') })
    .refine(({ timeZone }) => isTimeZone(timeZone), { path: ['timeZone'], error: 'expected a name like Europe/Berlin' })
    .nullable()
    .default(null)
    .describe('Notices wait until they are over. Protection never waits'),
  approvalMinutes: z
    .partialRecord(DecisionKind, minutes)
    .default({})
    .describe('Kinds that a person must agree to, and how long he has'),
  llmRaiseMax: Score.default(0.2).describe('How far the language model may raise a threat score'),
});
export type PolicyGuards = Readonly<z.infer<typeof PolicyGuards>>;

/** The rules in order: of each kind of decision, the first that holds is taken. */
export const Policy = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.string().min(1).max(100),
    guards: PolicyGuards.prefault({}),
    analyseWhen: z.array(RuleCondition).default([]).describe('Sessions worth the language model: any of these holds'),
    rules: z.array(PolicyRule).min(1).max(500),
  })
  .superRefine(
    ({ rules }, context) => {
      const seen = new Map<string, number>();
      for (const [index, rule] of rules.entries()) {
        const { success, data: id } = RuleParts.shape.id.safeParse(rule?.id);
        if (!success) continue;
        const first = seen.get(id);
        if (first === undefined) seen.set(id, index);
        else {
          const message = `two rules have one id: rules[${first}] is called ${id} already; give this one another`;
          context.addIssue({ code: 'custom', path: ['rules', index, 'id'], message });
        }
      }
    },
    { when: ({ value }) => z.object({ rules: z.array(z.unknown()) }).safeParse(value).success },
  );
export type Policy = Readonly<z.infer<typeof Policy>>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
