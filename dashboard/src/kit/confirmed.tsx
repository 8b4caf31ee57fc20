import { type ReactNode, useState } from 'react';
import { Button } from './form.tsx';

/** A button for what should not happen by a slip: it says what will happen and is pressed again. */
export function Confirmed({
  children,
  question,
  disabled = false,
  onConfirm,
}: {
  children: ReactNode;
  question: string;
  disabled?: boolean;
  onConfirm: () => void;
}) {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return (
      <Button disabled={disabled} onClick={() => setAsking(true)}>
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
