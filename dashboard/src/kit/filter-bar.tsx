import type { ReactNode } from 'react';

export interface FilterField {
  readonly name: string;
  readonly label: string;
  /** Absent: free text. */
  readonly choices?: readonly (readonly [value: string, words: string])[];
}

/** A view's filters; what is chosen goes into the address, which is the only place where it is kept. */
export function FilterBar({
  fields,
  values,
  onChange,
  children,
}: {
  fields: readonly FilterField[];
  values: Readonly<Record<string, string | undefined>>;
  onChange: (name: string, value: string | undefined) => void;
  children?: ReactNode;
}) {
  return (
    <search className="mb-3 flex flex-wrap items-end gap-2">
      {fields.map(({ name, label, choices }) => (
        <div key={name} className="grid text-[0.75rem] text-soft">
          <label htmlFor={`filter-${name}`}>{label}</label>
          {choices ? (
            <select
              id={`filter-${name}`}
              value={values[name] ?? ''}
              onChange={({ target }) => onChange(name, target.value || undefined)}
              className="rounded border border-line bg-card px-1.5 py-1 text-text"
            >
              <option value="">any</option>
              {choices.map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          ) : (
            <input
              key={values[name] ?? ''}
              id={`filter-${name}`}
              type="search"
              defaultValue={values[name] ?? ''}
              onBlur={({ target }) => onChange(name, target.value.trim() || undefined)}
              onKeyDown={(pressed) => {
                if (pressed.key === 'Enter') onChange(name, pressed.currentTarget.value.trim() || undefined);
              }}
              className="w-40 rounded border border-line bg-card px-1.5 py-1 text-text"
            />
          )}
        </div>
      ))}
      {children}
    </search>
  );
}

export const severityChoices = [
  ['HIGH', 'HIGH'],
  ['MEDIUM', 'MEDIUM'],
  ['HIGH,MEDIUM', 'HIGH and MEDIUM'],
  ['LOW', 'LOW'],
  ['UNKNOWN', 'UNKNOWN'],
] as const;
