import { Menu } from '../../kit/menu.tsx';
import { type ColumnName, columnNames, columnsDefault, eventColumns } from './columns.tsx';

/** Which columns are shown; a new one comes last. */
export function ColumnChoice({
  chosen,
  onChange,
}: {
  chosen: readonly ColumnName[];
  onChange: (columns: string | undefined) => void;
}) {
  const change = (columns: readonly ColumnName[]) => {
    const said = columns.join(',');
    onChange(said === '' || said === columnsDefault.join(',') ? undefined : said);
  };
  return (
    <Menu label="Columns">
      <ul className="grid grid-cols-2 gap-x-4">
        {columnNames.map((name) => (
          <li key={name}>
            <label className="flex items-center gap-1.5">
              <input
                type="checkbox"
                checked={chosen.includes(name)}
                onChange={({ target }) =>
                  change(target.checked ? [...chosen, name] : chosen.filter((each) => each !== name))
                }
              />
              {eventColumns[name].name}
            </label>
          </li>
        ))}
      </ul>
      <button type="button" className="mt-1 underline" onClick={() => onChange(undefined)}>
        As at first
      </button>
    </Menu>
  );
}
