import type { EventSummary } from '@cerberusmesh/contract/api-events';
import { type ColumnName, eventColumns } from './columns.tsx';

/** Where the screen is narrow the cells stand one after the other, as in every other list. */
const grid = 'flex flex-wrap items-baseline gap-x-2 gap-y-0.5 lg:grid lg:[grid-template-columns:var(--columns)]';

/** The names of the chosen columns; on a telephone there are none. */
export function EventTableHead({ columns }: { columns: readonly ColumnName[] }) {
  return (
    <div
      aria-hidden="true"
      className="hidden gap-x-2 border-b border-line py-1 text-[0.75rem] text-soft lg:grid lg:[grid-template-columns:var(--columns)]"
      style={widthsOf(columns)}
    >
      {columns.map((column) => (
        <span key={column}>{eventColumns[column].name}</span>
      ))}
    </div>
  );
}

/** One event in the chosen columns. */
export function EventTableRow({ event, columns }: { event: EventSummary; columns: readonly ColumnName[] }) {
  return (
    <div className={grid} style={widthsOf(columns)}>
      {columns.map((column) => (
        <span key={column} title={eventColumns[column].name} className="min-w-0 max-w-full">
          {eventColumns[column].cell(event)}
        </span>
      ))}
    </div>
  );
}

function widthsOf(columns: readonly ColumnName[]): Record<string, string> {
  return { '--columns': columns.map((column) => eventColumns[column].width).join(' ') };
}
