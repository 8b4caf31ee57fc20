import { type ReactNode, useRef } from 'react';

/**
 * A button that opens a card below it: the browser's own, so it opens by keyboard too. It closes by Escape, when the focus
 * leaves it, and when one of its links was followed.
 */
export function Menu({ label, children }: { label: ReactNode; children: ReactNode }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => {
    if (menu.current) menu.current.open = false;
  };
  return (
    <details
      ref={menu}
      className="relative"
      onKeyDown={({ key }) => key === 'Escape' && close()}
      onBlur={({ currentTarget, relatedTarget }) => !currentTarget.contains(relatedTarget) && close()}
      onClick={({ target }) => target instanceof Element && target.closest('a') && close()}
    >
      <summary className="cursor-pointer list-none rounded border border-line bg-card px-2.5 py-1.5 whitespace-nowrap">
        {label} <span aria-hidden="true">▾</span>
      </summary>
      <div className="absolute right-0 z-20 mt-1 w-max max-w-[min(22rem,90vw)] rounded border border-line bg-card p-2 shadow-lg max-sm:right-auto max-sm:left-0">
        {children}
      </div>
    </details>
  );
}
