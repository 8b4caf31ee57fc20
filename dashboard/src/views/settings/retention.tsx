import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../../api/ask.ts';
import { counted } from '../../kit/counted.ts';
import { DayBars } from '../../kit/day-bars.tsx';
import { Facts } from '../../kit/facts.tsx';
import { bytes } from '../../kit/moment.tsx';
import { Answer, Panel } from '../../kit/panel.tsx';

const retentionQuery = queryOptions({
  queryKey: ['retention'],
  queryFn: () => dataOf(api.GET('/api/retention')),
  refetchInterval: 60_000,
});

/** How long events stay, in the words of the settings, and how much there is. */
export function RetentionPanel() {
  const retention = useQuery(retentionQuery);
  return (
    <Panel title="Retention" aside="set at the start, in the environment or the file">
      <Answer query={retention}>
        {(it) => (
          <>
            <Facts
              facts={[
                [
                  'By age',
                  it.days === null
                    ? 'events are kept for ever (CERBERUS_RETENTION_DAYS)'
                    : `${it.days.toLocaleString()} days, then the whole month goes`,
                ],
                [
                  'By size',
                  it.megabytes === null
                    ? 'without bound (CERBERUS_RETENTION_MB)'
                    : `beyond ${it.megabytes.toLocaleString()} MB the oldest months go`,
                ],
                [
                  'By the disk',
                  it.disk_free_megabytes === null
                    ? 'not looked at (CERBERUS_DISK_FREE_MB)'
                    : `${it.disk_free_megabytes.toLocaleString()} MB stay free`,
                ],
                ['Before they go', it.archived ? 'months are archived' : 'nothing is kept (CERBERUS_ARCHIVE_DIR)'],
                ['Events', `${bytes(it.event_bytes)} in ${counted(it.months.length, 'month')}`],
                ['Database', bytes(it.database_bytes)],
              ]}
            />
            {it.months.length > 1 && (
              <div className="mt-3">
                <DayBars
                  values={it.months.map((month) => ({ name: month.month, value: month.bytes }))}
                  label="Bytes of events by month"
                />
                <ul className="mt-1 text-[0.8rem] tabular-nums text-soft">
                  {it.months.map(({ month, bytes: size }) => (
                    <li key={month} className="flex justify-between">
                      {month} <span>{bytes(size)}</span>
                    </li>
                  ))}
                </ul>
              </div>
            )}
          </>
        )}
      </Answer>
    </Panel>
  );
}
