import { type ButtonHTMLAttributes, type InputHTMLAttributes, type SelectHTMLAttributes, useId } from 'react';
import { useRefusal } from './may.ts';
import type { Needed } from './refusal.ts';

const box = 'rounded border border-line bg-card px-2 py-1.5 text-text';

/** A field under its name. */
export function Field({ label, id, ...input }: InputHTMLAttributes<HTMLInputElement> & { label: string }) {
  const made = useId();
  return (
    <div className="grid gap-1 text-[0.85rem]">
      <label htmlFor={id ?? made} className="text-soft">
        {label}
      </label>
      <input id={id ?? made} className={`min-w-0 ${box}`} {...input} />
    </div>
  );
}

/** A choice under its name. */
export function Choice({
  label,
  choices,
  ...select
}: SelectHTMLAttributes<HTMLSelectElement> & {
  label: string;
  choices: readonly (string | { readonly value: string; readonly words: string })[];
}) {
  const id = useId();
  return (
    <div className="grid gap-1 text-[0.85rem]">
      <label htmlFor={id} className="text-soft">
        {label}
      </label>
      <select id={id} className={box} {...select}>
        {choices.map((choice) =>
          typeof choice === 'string' ? (
            <option key={choice}>{choice}</option>
          ) : (
            <option key={choice.value} value={choice.value}>
              {choice.words}
            </option>
          ),
        )}
      </select>
    </div>
  );
}

/** `needs`: the role without which the engine would refuse; who has it not cannot press, and reads why. */
export function Button({
  isMain = false,
  isSmall = false,
  needs,
  disabled,
  title,
  ...button
}: ButtonHTMLAttributes<HTMLButtonElement> & { isMain?: boolean; isSmall?: boolean; needs?: Needed }) {
  const refusal = useRefusal(needs);
  const tone = isMain ? 'bg-accent font-semibold text-ground' : 'border border-line enabled:hover:bg-sunken';
  return (
    <button
      type="button"
      className={`rounded disabled:cursor-not-allowed disabled:opacity-60 ${isSmall ? 'px-2 text-[0.8rem]' : 'px-2.5 py-1.5'} ${tone}`}
      disabled={disabled === true || refusal !== undefined}
      title={refusal ?? title}
      {...button}
    />
  );
}
