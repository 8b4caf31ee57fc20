import { useLocation } from '@tanstack/react-router';
import { type RefObject, useEffect, useRef } from 'react';

/** For a row of places that is wider than a telephone: where one is stands in sight. */
export function usePlaceInSight(): RefObject<HTMLElement | null> {
  const row = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place is what moves it.
  useEffect(() => {
    const place = row.current?.querySelector<HTMLElement>('[data-status=active]');
    if (place && row.current) row.current.scrollLeft = place.offsetLeft - row.current.clientWidth / 2;
  }, [pathname]);
  return row;
}
