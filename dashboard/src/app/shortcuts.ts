import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';

interface Place {
  readonly to: string;
  readonly key: string;
}

const chordMs = 1500;

/** `g` and then a place's letter goes there; `/` goes to the search field, or to Explore where there is none; `j` and `k` move through a list's rows. */
export function useShortcuts(places: readonly Place[]): void {
  const navigate = useNavigate();
  useEffect(() => {
    let wentMs = Number.NEGATIVE_INFINITY;
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);

    function onKey(pressed: KeyboardEvent): void {
      if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || isTyping(pressed.target)) return;
      const place = places.find(({ key }) => key === pressed.key);
      if (pressed.timeStamp - wentMs < chordMs && place) {
        wentMs = Number.NEGATIVE_INFINITY;
        void navigate({ to: place.to });
      } else if (pressed.key === 'g') wentMs = pressed.timeStamp;
      else if (pressed.key === '/') focusFirst('[type=search]', pressed) || void navigate({ to: '/events' });
      else if (pressed.key === 'j' || pressed.key === 'k') moveFocus(pressed.key === 'j' ? 1 : -1, pressed);
    }
  }, [navigate, places]);
}

/** Whether what is pressed goes into a field and is no shortcut. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** False where the view has no such field. */
function focusFirst(selector: string, pressed: KeyboardEvent): boolean {
  const field = document.querySelector<HTMLElement>(selector);
  pressed.preventDefault();
  field?.focus();
  return field !== null;
}

/** Through the links of the rows, in the order in which they stand. */
function moveFocus(step: number, pressed: KeyboardEvent): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main li')]
    // Menus that are closed have rows too.
    .filter((row) => row.checkVisibility())
    .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))]?.querySelector<HTMLElement>('a, button');
  if (!next) return;
  pressed.preventDefault();
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}
