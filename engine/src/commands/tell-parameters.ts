import { z } from 'zod';

/** As much of a JSON schema as is told. */
const Form = z.object({
  type: z.string().optional(),
  format: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  default: z.unknown().optional(),
  description: z.string().optional(),
  examples: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});
type Form = z.infer<typeof Form>;
const Parameters = z.object({
  properties: z.record(z.string(), Form).default({}),
  required: z.array(z.string()).default([]),
});

/** A line for each parameter of a JSON schema: what may stand there, whether it must, and what holds without it. */
export function tellParameters(schema: unknown): string[] {
  const { properties, required } = Parameters.parse(schema);
  const all = Object.entries(properties);
  if (all.length === 0) return ['Takes no parameters.'];
  return ['Parameters:', ...all.map(([name, form]) => `  ${name}: ${tellForm(form, required.includes(name))}`)];
}

function tellForm(form: Form, isNeeded: boolean): string {
  const without = form.default === undefined ? '' : `; ${JSON.stringify(form.default)} without it`;
  const examples = form.examples === undefined ? '' : ` (such as ${form.examples.join(', ')})`;
  return [
    `${kindOf(form)}${examples}${isNeeded && without === '' ? ', needed' : ''}${without}`,
    ...(form.description === undefined ? [] : [form.description]),
  ].join('. ');
}

function kindOf({ type, format, enum: words, minimum, maximum, items, anyOf }: Form): string {
  if (words !== undefined) return `one of ${words.join(', ')}`;
  if (anyOf !== undefined) return anyOf.map((one) => kindOf(Form.parse(one))).join(' or ');
  if (type === 'array') return `a list, each ${kindOf(Form.parse(items ?? {}))}`;
  if (type === 'integer' || type === 'number') return `a number${boundsOf(minimum, maximum)}`;
  if (type === 'boolean') return 'true or false';
  if (type === 'object') return 'an object';
  return format === undefined ? 'text' : `text (${format})`;
}

function boundsOf(minimum?: number, maximum?: number): string {
  if (minimum === undefined || maximum === undefined) return '';
  return ` from ${minimum} to ${maximum}`;
}
