import { useState } from 'react';
import type { Parameters } from '../../api/ask.ts';
import { download } from '../../api/download.ts';
import { Menu } from '../../kit/menu.tsx';
import { Fault } from '../../kit/panel.tsx';
import { type ColumnName, eventColumns } from './columns.tsx';

const rowsMax = 100_000;
const formats = [
  { format: 'csv', says: 'CSV, for spreadsheets' },
  { format: 'json', says: 'JSON, one list' },
  { format: 'ndjson', says: 'NDJSON, a line each' },
] as const;

/** What the search finds as a file, with the columns that are shown. */
export function ExportMenu({ filters, columns }: { filters: Parameters; columns: readonly ColumnName[] }) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Error>();
  const fields = columns.flatMap((column) => eventColumns[column].fields);

  async function save(format: (typeof formats)[number]['format']) {
    setBusy(true);
    setFault(undefined);
    const asked = { ...filters, format, columns: fields.join(','), rows: rowsMax };
    await download('/api/events/export', asked, `events.${format}`).catch((error: unknown) =>
      setFault(error instanceof Error ? error : new Error(String(error))),
    );
    setBusy(false);
  }

  return (
    <Menu label={busy ? 'Exporting …' : 'Export'}>
      <ul className="grid gap-1">
        {formats.map(({ format, says }) => (
          <li key={format}>
            <button type="button" disabled={busy} className="hover:underline" onClick={() => void save(format)}>
              {says}
            </button>
          </li>
        ))}
      </ul>
      <p className="mt-1 text-[0.75rem] text-soft">The newest {rowsMax.toLocaleString()} at most.</p>
      {fault && <Fault error={fault} />}
    </Menu>
  );
}
