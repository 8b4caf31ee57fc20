import { parseSearch } from '@cerberusmesh/contract/search';
import type { SearchFields } from '@cerberusmesh/contract/search-fields';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { type Completion, complete, completionsAt } from './search-completion.ts';

/**
 * The search language in one field: completes names and values (arrows, Tab or Enter), shows where a fault is while it is
 * typed, and searches on Enter.
 */
export function SearchBox({
  value,
  fields,
  example,
  onSearch,
}: {
  value: string;
  fields: SearchFields;
  example: string;
  onSearch: (q: string | undefined) => void;
}) {
  const [text, setText] = useState(value);
  const [caret, setCaret] = useState(value.length);
  const [chosen, setChosen] = useState(-1);
  const [isOpen, setOpen] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => setText(value), [value]);
  /** Where a completion wants the caret: with the value that it wrote, before the next key. */
  const placed = useRef<number>(undefined);
  useLayoutEffect(() => {
    if (placed.current === undefined) return;
    field.current?.setSelectionRange(placed.current, placed.current);
    placed.current = undefined;
  });

  const result = parseSearch(text, fields);
  const { at, options } = completionsAt(text, caret, fields);
  const shown = isOpen ? options : [];

  function type(next: string, place: number) {
    setText(next);
    setCaret(place);
    setChosen(-1);
    setOpen(true);
  }

  function take(option: Completion) {
    const done = complete(text, caret, at, option);
    type(done.text, done.caret);
    placed.current = done.caret;
    field.current?.focus();
  }

  function search() {
    setOpen(false);
    if (result.kind === 'search') onSearch(text.trim() || undefined);
  }

  function onKey(pressed: KeyboardEvent) {
    const option = shown[chosen] ?? (pressed.key === 'Tab' ? shown[0] : undefined);
    if (pressed.key === 'Escape') setOpen(false);
    else if (pressed.key === 'ArrowDown' && shown.length > 0) setChosen((chosen + 1) % shown.length);
    else if (pressed.key === 'ArrowUp' && shown.length > 0) setChosen((chosen + shown.length - 1) % shown.length);
    else if ((pressed.key === 'Enter' || pressed.key === 'Tab') && option) take(option);
    else if (pressed.key === 'Enter') search();
    else return;
    if (pressed.key !== 'Escape') pressed.preventDefault();
  }

  return (
    <div className="relative min-w-0 flex-1 basis-full sm:basis-0">
      <input
        ref={field}
        id="search"
        type="search"
        role="combobox"
        aria-label="Search"
        aria-expanded={shown.length > 0}
        aria-controls={`${id}-options`}
        aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
        aria-invalid={result.kind === 'fault'}
        aria-describedby={`${id}-fault`}
        autoComplete="off"
        spellCheck={false}
        value={text}
        placeholder={example}
        className="w-full rounded border border-line bg-card px-2.5 py-1.5 font-mono text-[0.9rem] placeholder:text-soft"
        onChange={({ target }) => type(target.value, target.selectionStart ?? target.value.length)}
        onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart ?? currentTarget.value.length)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKey}
      />
      <ul
        id={`${id}-options`}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a combobox has its options in a listbox.
        role="listbox"
        aria-label="Completions"
        className={`absolute z-20 mt-1 w-full max-w-xl rounded border border-line bg-card shadow-lg ${shown.length === 0 ? 'hidden' : ''}`}
      >
        {shown.map((option, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the option by aria-activedescendant.
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys.
          <li
            key={option.text}
            id={`${id}-${index}`}
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: as above.
            role="option"
            aria-selected={index === chosen}
            className={`cursor-pointer px-2.5 py-1 text-[0.85rem] ${index === chosen ? 'bg-accent-ground' : ''}`}
            // Before the field loses its focus, which would close the list.
            onMouseDown={(pressed) => pressed.preventDefault()}
            onClick={() => take(option)}
          >
            <span className="font-mono">{option.text}</span> <span className="text-soft">{option.does}</span>
          </li>
        ))}
      </ul>
      <p id={`${id}-fault`} role="status" className="min-h-[1.2em] text-[0.8rem] text-medium">
        {result.kind === 'fault' && !(isOpen && options.length > 0) && (
          <>
            At character {result.fault.at + 1}: expected {result.fault.expected}
          </>
        )}
      </p>
    </div>
  );
}
