import type { ReactNode } from 'react';

/** Panels of any height, one under the other in two columns where there is room: none is stretched to its neighbour's height. */
export function Columns({ children }: { children: ReactNode }) {
  return <div className="gap-3 *:mb-3 *:break-inside-avoid lg:columns-2 min-[200rem]:columns-3">{children}</div>;
}
