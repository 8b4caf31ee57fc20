import { nearest } from '@cerberusmesh/contract/nearest';
import { Policy, UnknownParameters } from '@cerberusmesh/contract/policy';
import { z } from 'zod';

type Form = z.core.JSONSchema.JSONSchema;

/**
 * What is wrong at one place of a policy, one sentence for each wrong name. A mistyped condition that passed would be a rule
 * that holds for everybody, so each is named, with what it most likely means.
 */
export function explainFault(issue: z.core.$ZodIssue, given: unknown): string[] {
  if (issue.code === 'unrecognized_keys') {
    const known = namesIn(formAt(issue.path));
    return issue.keys.map((key) => describeUnknown(key, known));
  }
  if (issue.code === 'custom') {
    const unknown = UnknownParameters.safeParse(issue.params).data;
    return unknown?.keys.map((key) => `${describeUnknown(key, unknown.known)}, ${unknown.taker}`) ?? [issue.message];
  }
  if (issue.code === 'invalid_value') {
    const came = issue.path.reduce<unknown>(memberOf, given);
    const near = typeof came === 'string' ? nearest(came, issue.values.map(String)) : undefined;
    return [near === undefined ? issue.message : `there is no ${JSON.stringify(came)} here; did you mean "${near}"?`];
  }
  return [issue.message];
}

/** That a name is none of those `known`, and which of them it most likely means. */
export function describeUnknown(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  const advice = near === undefined ? `there is ${known.join(', ') || 'nothing to set'}` : `did you mean "${near}"?`;
  return `there is no ${JSON.stringify(key)} here; ${advice}`;
}

/** Where the schema says what may stand at `path`. */
function formAt(path: readonly PropertyKey[]): Form | undefined {
  // `unrepresentable`: the checks beside the names are no part of a form.
  const whole: Form | undefined = z.toJSONSchema(Policy, { io: 'input', unrepresentable: 'any' });
  return path.reduce<Form | undefined>((form, step) => stepInto(objectIn(form), step), whole);
}

/** Without the `null` that may stand there instead. */
function objectIn(form: Form | undefined): Form | undefined {
  return form?.anyOf?.map(asForm).find((one) => one?.type === 'object') ?? form;
}

function stepInto(form: Form | undefined, step: PropertyKey): Form | undefined {
  if (typeof step === 'number') return Array.isArray(form?.items) ? undefined : asForm(form?.items);
  return asForm(form?.properties?.[String(step)]) ?? asForm(form?.additionalProperties);
}

function namesIn(form: Form | undefined): string[] {
  const object = objectIn(form);
  if (object?.properties !== undefined) return Object.keys(object.properties);
  return asForm(object?.propertyNames)?.enum?.map(String) ?? [];
}

function asForm(form: Form | boolean | undefined): Form | undefined {
  return typeof form === 'object' ? form : undefined;
}

function memberOf(given: unknown, step: PropertyKey): unknown {
  // `as`: any object may be asked for any name.
  return typeof given === 'object' && given !== null ? (given as Record<PropertyKey, unknown>)[step] : undefined;
}
