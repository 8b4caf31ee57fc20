import type { Node } from './nodes.ts';
import type { Runtime } from './runtime.ts';
import { cellOf, type Scope } from './scope.ts';
import { isTrue, numberOf, type Scalar, textOf } from './values.ts';

/** `map`, `grep` and `sort`. */
export async function each(
  runtime: Runtime,
  { name, work, args }: Node & { kind: 'each' },
  scope: Scope,
): Promise<Scalar[]> {
  const given = [...(await runtime.list({ kind: 'list', items: args }, scope))];
  if (name === 'sort') return await sorted(runtime, given, work, scope);
  if (!work) return given;
  const here = cellOf(scope, '_');
  const old = here.value;
  const made: Scalar[] = [];
  for (const value of given) {
    runtime.step();
    here.value = value;
    if (name === 'map') made.push(...(await runtime.list(work, scope)));
    else if (isTrue(await runtime.scalar(work, scope))) made.push(value);
  }
  here.value = old;
  return made;
}

/** By merging, since what compares two is the program's and has to be waited for. */
async function sorted(runtime: Runtime, values: Scalar[], work: Node | undefined, scope: Scope): Promise<Scalar[]> {
  if (!work) {
    const texts = values.map((value) => ({ value, text: textOf(value) }));
    return texts.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)).map(({ value }) => value);
  }
  // The package's own: a `my $a` hides them from what compares, as it does in Perl.
  const [first, second] = [cellOf(runtime.globals, 'a'), cellOf(runtime.globals, 'b')];
  return await merge(values);

  async function merge(some: Scalar[]): Promise<Scalar[]> {
    if (some.length < 2 || !work) return some;
    const half = some.length >> 1;
    const [left, right] = [await merge(some.slice(0, half)), await merge(some.slice(half))];
    const made: Scalar[] = [];
    let [at, beside] = [0, 0];
    while (at < left.length && beside < right.length) {
      runtime.step();
      first.value = left[at];
      second.value = right[beside];
      if (numberOf(await runtime.scalar(work, scope)) <= 0) made.push(left[at++]);
      else made.push(right[beside++]);
    }
    return [...made, ...left.slice(at), ...right.slice(beside)];
  }
}
