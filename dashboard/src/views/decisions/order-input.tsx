import { useId } from 'react';
import { Field } from '../../kit/form.tsx';
import type { OrderField } from './order-fields.ts';

/** The input of one parameter, as its kind wants it. */
export function OrderInput({ field }: { field: OrderField }) {
  const { name, says, required, input, usual } = field;
  const label = `${name}${required ? '' : ' (may be empty)'}`;
  const id = useId();
  if (input.kind === 'many') {
    return (
      <fieldset className="sm:col-span-2">
        <legend className="text-[0.85rem] text-soft">{name}</legend>
        <div className="mt-1 grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-x-3 text-[0.8rem]">
          {input.choices.map((choice) => (
            <label key={choice} className="flex items-center gap-1.5">
              <input type="checkbox" name={name} value={choice} />
              <code className="font-mono">{choice}</code>
            </label>
          ))}
        </div>
      </fieldset>
    );
  }
  if (input.kind === 'one') {
    return (
      <div className="grid gap-1 text-[0.85rem]">
        <label htmlFor={id} className="text-soft">
          {label}
        </label>
        <select id={id} name={name} title={says} className="rounded border border-line bg-card px-2 py-1.5">
          {!required && <option value="">{usual || 'not said'}</option>}
          {input.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
        <Says>{says}</Says>
      </div>
    );
  }
  const kind =
    input.kind === 'number'
      ? {
          type: 'number',
          ...(input.min === undefined ? {} : { min: input.min }),
          ...(input.max === undefined ? {} : { max: input.max }),
        }
      : input.kind === 'text'
        ? { maxLength: input.charactersMax, list: `${id}-examples` }
        : {};
  return (
    <div className="grid content-start gap-1">
      <Field name={name} label={label} required={required} placeholder={usual} {...kind} />
      {input.kind === 'text' && (
        <datalist id={`${id}-examples`}>
          {input.examples.map((example) => (
            <option key={example} value={example} />
          ))}
        </datalist>
      )}
      <Says>{says}</Says>
    </div>
  );
}

function Says({ children }: { children: string }) {
  return children === '' ? null : <p className="text-[0.75rem] text-soft">{children}</p>;
}
