import type { Retention } from '@cerberusmesh/contract/api-retention';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../../api/ask.ts';
import { counted } from '../../kit/counted.ts';
import { DayBars } from '../../kit/day-bars.tsx';
import { Facts } from '../../kit/facts.tsx';
import { bytes } from '../../kit/moment.tsx';
import { Answer, Panel } from '../../kit/panel.tsx';
import { RetentionLimit } from './retention-limit.tsx';

const retentionQuery = queryOptions({
  queryKey: ['retention'],
  queryFn: () => dataOf(api.GET('/api/retention')),
  refetchInterval: 60_000,
});

/** How long events stay, which an admin changes here, and how much there is. */
export function RetentionPanel() {
  const retention = useQuery(retentionQuery);
  return (
    <Panel title="Retention" aside="whole months go, the oldest first, never the present one">
      <Answer query={retention}>
        {(it) => (
          <>
            <Limits retention={it} />
            <div className="mt-3">
              <Facts
                facts={[
                  [
                    'Before they go',
                    it.archived ? 'months are archived' : 'nothing is kept of them (CERBERUS_ARCHIVE_DIR)',
                  ],
                  ['Events', `${bytes(it.event_bytes)} in ${counted(it.months.length, 'month')}`],
                  ['Unreadable lines', `${bytes(it.parked_bytes)}; the oldest go beyond ${it.parked_megabytes} MB`],
                  ['Database', bytes(it.database_bytes)],
                ]}
              />
            </div>
            {it.months.length > 1 && <Months months={it.months} />}
          </>
        )}
      </Answer>
    </Panel>
  );
}

function Limits({ retention: it }: { retention: Retention }) {
  return (
    <ul className="grid gap-2">
      <RetentionLimit
        retention={it}
        setting="CERBERUS_RETENTION_DAYS"
        asked="days"
        words="Days after which a month goes"
        without="kept for ever"
      />
      <RetentionLimit
        retention={it}
        setting="CERBERUS_RETENTION_MB"
        asked="megabytes"
        words="Megabytes of events at most"
        without="without bound"
      />
      <RetentionLimit
        retention={it}
        setting="CERBERUS_DISK_FREE_MB"
        asked="disk_free_megabytes"
        words="Megabytes of the disk that stay free"
        without="not looked at"
      />
    </ul>
  );
}

function Months({ months }: Pick<Retention, 'months'>) {
  return (
    <div className="mt-3">
      <DayBars
        values={months.map((month) => ({ name: month.month, value: month.bytes }))}
        label="Bytes of events by month"
      />
      <ul className="mt-1 text-[0.8rem] tabular-nums text-soft">
        {months.map(({ month, bytes: size }) => (
          <li key={month} className="flex justify-between">
            {month} <span>{bytes(size)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
