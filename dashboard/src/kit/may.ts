import type { Role } from '@cerberusmesh/contract/api-tokens';
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/queries.ts';

/** A person's; a sensor's token opens no page. */
export type Needed = Exclude<Role, 'sensor'>;

/** The contract's order said again: importing it would bring zod into the page. */
const ranks: Readonly<Record<Role, number>> = { sensor: 0, viewer: 1, operator: 2, admin: 3 };

/**
 * Why the reader may not do what needs a role; undefined where he may, and until the engine said who he is. The engine
 * decides all the same: this only tells it before the press.
 */
export function useRefusal(needed: Needed | undefined): string | undefined {
  // What needs no role asks nothing: the sign-in has buttons too, and nobody is known there.
  const me = useQuery({ ...meQuery, enabled: needed !== undefined, staleTime: Number.POSITIVE_INFINITY }).data;
  if (me === undefined || needed === undefined || ranks[me.role] >= ranks[needed]) return undefined;
  return `This needs the role ${needed}; you are ${me.role}.`;
}
