import type { ReactNode } from 'react';

export interface FilterField {
  readonly name: string;
  readonly label: string;
  /** Absent: free text, or a moment. */
  readonly choices?: readonly (readonly [value: string, words: string])[];
  /** What it means that none of the choices is chosen. */
  readonly unset?: string;
  /** Chosen in the reader's zone; the address and the API have it in UTC. */
  readonly isMoment?: boolean;
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
    <search className="mb-3 max-sm:mt-3 flex flex-wrap items-end gap-2">
      {fields.map(({ name, label, choices, unset = 'any', isMoment }) => (
        <div key={name} className="grid text-[0.75rem] text-soft">
          <label htmlFor={`filter-${name}`}>{label}</label>
          {choices ? (
            <select
              id={`filter-${name}`}
              value={values[name] ?? ''}
              onChange={({ target }) => onChange(name, target.value || undefined)}
              className="rounded border border-line bg-card px-1.5 py-1 text-text"
            >
              <option value="">{unset}</option>
              {choices.map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          ) : isMoment ? (
            <MomentField id={`filter-${name}`} value={values[name]} onChange={(value) => onChange(name, value)} />
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

function MomentField({
  id,
  value,
  onChange,
}: {
  id: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const take = (typed: string) => onChange(typed === '' ? undefined : new Date(typed).toISOString());
  return (
    <input
      key={value ?? ''}
      id={id}
      type="datetime-local"
      title={value === undefined ? 'In your time zone' : `${value} (UTC)`}
      defaultValue={value === undefined ? '' : inReadersZone(value)}
      onBlur={({ target }) => target.value !== target.defaultValue && take(target.value)}
      onKeyDown={({ key, currentTarget }) => key === 'Enter' && take(currentTarget.value)}
      className="rounded border border-line bg-card px-1.5 py-1 text-text"
    />
  );
}

/** As `datetime-local` takes it: `2026-11-22T13:05`; nothing where the address holds no time. */
function inReadersZone(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export const period = [
  { name: 'from', label: 'From', isMoment: true },
  { name: 'to', label: 'To', isMoment: true },
] as const;

export const severityChoices = [
  ['HIGH', 'HIGH'],
  ['MEDIUM', 'MEDIUM'],
  ['HIGH,MEDIUM', 'HIGH and MEDIUM'],
  ['LOW', 'LOW'],
  ['UNKNOWN', 'UNKNOWN'],
] as const;
