/** A parameter of an action, as its JSON Schema declares it. */
export interface OrderField {
  readonly name: string;
  readonly says: string;
  readonly required: boolean;
  readonly input:
    | { readonly kind: 'text'; readonly charactersMax: number; readonly examples: readonly string[] }
    | { readonly kind: 'number'; readonly min: number | undefined; readonly max: number | undefined }
    | { readonly kind: 'one' | 'many'; readonly choices: readonly string[] }
    /** Whatever else there is, as JSON. */
    | { readonly kind: 'json' };
  /** What holds where nothing is said, and what could be said: for the empty field. */
  readonly usual: string;
}

const charactersMax = 255;

/** The fields of a form, read from the parameters that an action declares at `GET /api/actions/kinds`. */
export function orderFieldsOf(schema: unknown, example: Readonly<Record<string, unknown>>): OrderField[] {
  const required = listOf(get(schema, 'required'));
  return Object.entries(recordOf(get(schema, 'properties'))).map(([name, property]) => ({
    name,
    says: textOf(get(property, 'description')),
    required: required.includes(name),
    input: inputOf(property),
    usual: usualOf(get(property, 'default'), example[name]),
  }));
}

/** What was filled in, as the API takes it; an empty field is left out. @throws SyntaxError where JSON is meant and is none. */
export function parametersOf(fields: readonly OrderField[], said: FormData): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const { name, input } of fields) {
    if (input.kind === 'many') {
      const chosen = said.getAll(name).map(String);
      if (chosen.length > 0) parameters[name] = chosen;
      continue;
    }
    const text = String(said.get(name) ?? '').trim();
    if (text === '') continue;
    if (input.kind === 'number') parameters[name] = Number(text);
    else parameters[name] = input.kind === 'json' ? JSON.parse(text) : text;
  }
  return parameters;
}

function inputOf(property: unknown): OrderField['input'] {
  const choices = listOf(get(property, 'enum'));
  const type = get(property, 'type');
  if (choices.length > 0) return { kind: 'one', choices };
  if (type === 'integer' || type === 'number') {
    return { kind: 'number', min: numberOf(get(property, 'minimum')), max: numberOf(get(property, 'maximum')) };
  }
  if (type === 'array') {
    const many = listOf(get(get(property, 'items'), 'enum'));
    return many.length > 0 ? { kind: 'many', choices: many } : { kind: 'json' };
  }
  if (type === 'object') return { kind: 'json' };
  return {
    kind: 'text',
    charactersMax: numberOf(get(property, 'maxLength')) ?? charactersMax,
    examples: listOf(get(property, 'examples')),
  };
}

function usualOf(usual: unknown, example: unknown): string {
  if (usual !== undefined) return `else ${typeof usual === 'object' ? JSON.stringify(usual) : String(usual)}`;
  if (example === undefined) return '';
  return `for example ${typeof example === 'object' ? JSON.stringify(example) : String(example)}`;
}

function get(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function recordOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
