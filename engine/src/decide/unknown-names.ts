import { z } from 'zod';
import { describeUnknown } from './policy-fault.ts';

/** What the names in a policy may mean here. A Cowrie prepared by another version, or a model of one's own, may know others. */
export interface KnownNames {
  readonly machines: readonly string[];
  readonly attackTypes: readonly string[];
  /** Of ATT&CK and ATLAS. */
  readonly techniques: ReadonlySet<string>;
}

const names = z.array(z.string()).optional().catch(undefined);
const Condition = z.object({ attackTypesAny: names, techniquesAny: names }).catch({});
const Rule = z.object({
  id: z.string().catch('without an id'),
  when: Condition,
  parameters: z
    .object({ persona: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});
/** As much of a policy as can be read, whatever else is wrong with it. */
const Given = z.object({
  rules: z.array(Rule.or(z.null()).catch(null)).catch([]),
  analyseWhen: z.array(Condition).catch([]),
});

/** A sentence for each attack type, technique and machine that nothing is called: a rule that asks for it never holds. */
export function findUnknownNames(given: unknown, known: KnownNames): string[] {
  const { rules, analyseWhen } = Given.safeParse(given).data ?? { rules: [], analyseWhen: [] };
  return [
    ...rules.flatMap((rule) => (rule === null ? [] : inRule(rule, known))),
    ...analyseWhen.flatMap((when, place) => inCondition(`analyseWhen[${place}]`, when, known)),
  ];
}

function inRule({ id, when, parameters }: z.output<typeof Rule>, known: KnownNames): string[] {
  const machine = parameters?.persona;
  const where = `rule "${id}"`;
  return [
    ...inCondition(where, when, known),
    ...(machine === undefined || known.machines.includes(machine)
      ? []
      : [`${where} names the machine "${machine}", and policy/cowrie-personas has ${known.machines.join(', ')}.`]),
  ];
}

function inCondition(where: string, when: z.output<typeof Condition>, known: KnownNames): string[] {
  const { attackTypesAny = [], techniquesAny = [] } = when;
  return [
    ...attackTypesAny
      .filter((type) => !known.attackTypes.includes(type))
      .map(
        (type) => `${where} names an attack type that nothing is called: ${describeUnknown(type, known.attackTypes)}`,
      ),
    ...techniquesAny
      .filter((id) => isTechniqueId.test(id) && !known.techniques.has(id))
      .map((id) => `${where} names the technique ${id}, which there is none of: events have the ids of ATT&CK v18`),
  ];
}

/** Of anything else it was said that it is none. */
const isTechniqueId = /^(AML\.)?T\d{4}(\.\d{3})?$/;
