import { type ReactNode, useState } from 'react';
import { Button } from './form.tsx';
import type { Needed } from './refusal.ts';

/** A button for what should not happen by a slip: it says what will happen and is pressed again. */
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
  if (!isAsking) {
    return (
      <Button disabled={disabled} {...(needs ? { needs } : {})} onClick={() => setAsking(true)}>
        {children}
      </Button>
    );
  }
  return (
    <span role="alertdialog" aria-label={question} className="inline-flex flex-wrap items-baseline gap-2">
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
