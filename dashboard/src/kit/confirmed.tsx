import { type ReactNode, useRef, useState } from 'react';
import { Button } from './form.tsx';
import type { Needed } from './refusal.ts';

/** A button for what should not happen by a slip: it says what will happen and is pressed again. Escape is No. */
export function Confirmed({
  children,
  question,
  disabled = false,
  needs,
  onConfirm,
}: {
  children: ReactNode;
  question: string;
  disabled?: boolean;
  needs?: Needed;
  onConfirm: () => void;
}) {
  const [isAsking, setAsking] = useState(false);
  // Who answered by keys goes on from where he was.
  const wasAsking = useRef(false);
  if (!isAsking) {
    return (
      <Button
        autoFocus={wasAsking.current}
        disabled={disabled}
        {...(needs ? { needs } : {})}
        onClick={() => {
          wasAsking.current = true;
          setAsking(true);
        }}
      >
        {children}
      </Button>
    );
  }
  return (
    <span
      role="alertdialog"
      aria-label={question}
      onKeyDown={({ key }) => key === 'Escape' && setAsking(false)}
      className="inline-flex flex-wrap items-baseline gap-2"
    >
      {question}
      <Button
        autoFocus
        isMain
        onClick={() => {
          setAsking(false);
          onConfirm();
        }}
      >
        Yes
      </Button>
      <Button onClick={() => setAsking(false)}>No</Button>
    </span>
  );
}
