import { useEffect, useState } from 'react';

/** True once `isReady` was true in a frame that stands on the screen. */
export function useAfterFrame(isReady: boolean): boolean {
  const [stands, setStands] = useState(false);
  useEffect(() => {
    if (!isReady) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // After the frame, and not in it.
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => setStands(true));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [isReady]);
  return stands;
}
