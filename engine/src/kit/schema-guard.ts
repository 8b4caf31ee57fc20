import { z } from 'zod';

/**
 * Tells quickly that a parsed JSON value is already what `schema` would make of it: a fifth of what a parse costs, and
 * without allocating, which counts for each line of a log. `false` says nothing: ask the schema then, it also knows why.
 * An object may have more keys than the schema names, which a parse would leave out.
 *
 * It is made from the JSON schema that zod writes, so that a shape is still defined once. A schema with what JSON Schema
 * has no word for (a transform), or with a word that is not read here, is never judged.
 */
export function guardOf<S extends z.ZodType>(schema: S): (value: unknown) => value is z.output<S> {
  const isSound = checkOf(describe(schema)) ?? (() => false);
  return (value): value is z.output<S> => isSound(value);
}

/** @returns what `schema.parse` gives, with the keys that the schema does not name; throws as it does. */
export function createReader<S extends z.ZodType>(schema: S): (value: unknown) => z.output<S> {
  const isSound = guardOf(schema);
  return (value) => (isSound(value) ? value : schema.parse(value));
}

type Check = (value: unknown) => boolean;

/** The part of JSON Schema that is judged; `strictObject` refuses all other words. */
const Described = z.strictObject({
  $schema: z.string().optional(),
  description: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  get anyOf() {
    return z.array(Described).optional();
  },
  get properties() {
    return z.record(z.string(), Described).optional();
  },
  required: z.array(z.string()).default([]),
  additionalProperties: z.literal(false).optional(),
  minLength: z.number().default(0),
  maxLength: z.number().default(Number.POSITIVE_INFINITY),
  minimum: z.number().default(Number.NEGATIVE_INFINITY),
  maximum: z.number().default(Number.POSITIVE_INFINITY),
});
type Described = z.output<typeof Described>;

function describe(schema: z.ZodType): Described | undefined {
  try {
    return Described.safeParse(z.toJSONSchema(schema)).data;
  } catch {
    return undefined;
  }
}

function checkOf(schema: Described | undefined): Check | undefined {
  if (schema?.anyOf) return anyOf(schema.anyOf.map(checkOf));
  if (Array.isArray(schema?.type)) return anyOf(schema.type.map((type) => checkOf({ ...schema, type })));
  switch (schema?.type) {
    case 'null':
      return (value) => value === null;
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'string':
      return stringOf(schema);
    case 'number':
      return numberOf(schema, Number.isFinite);
    case 'integer':
      return numberOf(schema, Number.isSafeInteger);
    case 'object':
      return objectOf(schema);
    default:
      return undefined;
  }
}

function anyOf(checks: readonly (Check | undefined)[]): Check | undefined {
  const known = checks.filter((check) => check !== undefined);
  return known.length < checks.length ? undefined : (value) => known.some((check) => check(value));
}

function stringOf({ minLength, maxLength }: Described): Check {
  return (value) => typeof value === 'string' && value.length >= minLength && value.length <= maxLength;
}

function numberOf({ minimum, maximum }: Described, isOne: Check): Check {
  return (value) => typeof value === 'number' && isOne(value) && value >= minimum && value <= maximum;
}

function objectOf({ properties = {}, required }: Described): Check | undefined {
  const fields: { key: string; check: Check; isRequired: boolean }[] = [];
  for (const [key, property] of Object.entries(properties)) {
    const check = checkOf(property);
    if (check === undefined) return undefined;
    fields.push({ key, check, isRequired: required.includes(key) });
  }
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    for (const { key, check, isRequired } of fields) {
      // Own or not, as zod reads them: JSON gives no object a prototype of its own.
      const field: unknown = Reflect.get(value, key);
      if (field === undefined ? isRequired : !check(field)) return false;
    }
    return true;
  };
}
