import { type ReactNode, useState } from 'react';

/** More of a row, asked for and drawn only where somebody opens it. */
export function Unfolded({ summary, children }: { summary: string; children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)} className="text-[0.8rem]">
      <summary className="w-fit cursor-pointer text-soft">{summary}</summary>
      {isOpen && <div className="mt-1 border-l-2 border-line pl-3">{children}</div>}
    </details>
  );
}
