import { useEffect, useState } from 'react';

/** How many of `wanted` things to draw now: `first` at once, then `step` more with each frame; it shrinks at once. */
export function useGrowing(wanted: number, { first, step }: { first: number; step: number }): number {
  const [allowed, setAllowed] = useState(first);
  useEffect(() => {
    // Shrunk, it grows from there again; while there is nothing, the first ones stand ready.
    const next = Math.max(first, Math.min(wanted, allowed + step));
    if (next === allowed) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // After the frame, and not in it: what stands is painted first.
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => setAllowed(next));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [wanted, allowed, first, step]);
  return Math.min(wanted, allowed);
}
