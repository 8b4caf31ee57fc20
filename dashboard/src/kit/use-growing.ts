import { useEffect, useState } from 'react';

/** How many of `wanted` things to draw now: it grows by `step` with each frame, and shrinks at once. */
export function useGrowing(wanted: number, step: number): number {
  const [allowed, setAllowed] = useState(step);
  useEffect(() => {
    // Shrunk, it grows from there again; while there is nothing, the first step stands ready.
    const next = Math.max(step, Math.min(wanted, allowed + step));
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
  }, [wanted, allowed, step]);
  return Math.min(wanted, allowed);
}
