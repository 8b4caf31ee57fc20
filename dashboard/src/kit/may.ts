import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/queries.ts';
import { type Needed, refusalOf } from './refusal.ts';

/**
 * Why the reader may not do what needs a role; undefined where he may, and until the engine said who he is. The engine
 * decides all the same: this only tells it before the press.
 */
export function useRefusal(needed: Needed | undefined): string | undefined {
  // What needs no role asks nothing: the sign-in has buttons too, and nobody is known there.
  const me = useQuery({ ...meQuery, enabled: needed !== undefined, staleTime: Number.POSITIVE_INFINITY }).data;
  return me === undefined || needed === undefined ? undefined : refusalOf(me, needed);
}
