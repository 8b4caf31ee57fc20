import { type RefObject, useEffect, useRef } from 'react';
import { Button } from '../kit/form.tsx';
import { isTyping } from './shortcuts.ts';

const keys = [
  ['/', 'search'],
  ['j  k', 'next row, row before'],
  ['Enter', 'open it'],
  ['Alt ←', 'back'],
] as const;

/** All keys there are; `?` opens it, Escape closes it. */
export function KeysHelp({ places }: { places: readonly { readonly name: string; readonly key: string }[] }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useOpenByKey(dialog);
  return (
    <>
      <button
        type="button"
        title="Keys (?)"
        aria-label="Keys"
        className="rounded border border-line px-2 py-0.5 max-sm:hidden"
        onClick={() => dialog.current?.showModal()}
      >
        ?
      </button>
      <dialog
        ref={dialog}
        aria-label="Keys"
        className="m-auto rounded-lg border border-line bg-card p-4 text-text backdrop:bg-black/50"
      >
        <dl className="mb-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          {[...keys, ...places.map(({ name, key }) => [`g ${key}`, name] as const)].map(([key, does]) => (
            <div key={key} className="contents">
              <dt>
                <kbd className="rounded border border-line bg-sunken px-1.5 font-mono text-[0.85em]">{key}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <Button autoFocus onClick={() => dialog.current?.close()}>
          Close
        </Button>
      </dialog>
    </>
  );
}

function useOpenByKey(dialog: RefObject<HTMLDialogElement | null>): void {
  useEffect(() => {
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);

    function onKey({ key, target }: KeyboardEvent): void {
      if (key === '?' && !isTyping(target) && dialog.current?.open === false) dialog.current.showModal();
    }
  }, [dialog]);
}
