import type { Role, Scope } from '@cerberusmesh/contract/api-tokens';

/** A role and the part of the API in which it is needed: `operator in actions`. A sensor's token opens no page. */
export type Needed = `${Exclude<Role, 'sensor'>} in ${Scope}`;

/** The contract's order said again: importing it would bring zod into the page. */
const ranks: Readonly<Record<string, number>> = { sensor: 0, viewer: 1, operator: 2, admin: 3 } satisfies Record<
  Role,
  number
>;

/** Why somebody may not do what needs that; undefined where he may. `scopes`: the only parts that a token is for, null for all. */
export function refusalOf(
  { role, scopes }: { readonly role: Role; readonly scopes: readonly string[] | null },
  needed: Needed,
): string | undefined {
  const [neededRole = '', part = ''] = needed.split(' in ');
  if ((ranks[role] ?? 0) < (ranks[neededRole] ?? 0)) return `This needs the role ${neededRole}; you are ${role}.`;
  if (scopes !== null && !scopes.includes(part)) {
    return `Your token is only for ${scopes.join(', ')}; this is of ${part}.`;
  }
  return undefined;
}
