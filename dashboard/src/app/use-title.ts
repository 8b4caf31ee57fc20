import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { pendingApprovalsQuery } from '../api/queries.ts';

/** The tab says where it is, and before that how much waits for a person: it is seen among others. */
export function useTitle(places: readonly { readonly to: string; readonly name: string }[]): void {
  const { pathname } = useLocation();
  const waiting = useQuery(pendingApprovalsQuery).data?.data.length ?? 0;
  useEffect(() => {
    const place = places.find(({ to }) => (to === '/' ? pathname === '/' : pathname.startsWith(to)));
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${place ? `${place.name} · ` : ''}CerberusMesh`;
  }, [places, pathname, waiting]);
}
