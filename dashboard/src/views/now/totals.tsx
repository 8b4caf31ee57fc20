import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import { statsQuery } from '../../api/queries.ts';
import { Answer } from '../../kit/panel.tsx';

/** The day in figures, each the way to what it counts. */
export function Totals() {
  const stats = useQuery(statsQuery);
  return (
    <Answer query={stats}>
      {({ last_24_hours: day, active_sessions, total_attackers, total_events, total_adaptations }) => (
        <dl className="grid grid-cols-2 gap-3 sm:grid-cols-5">
          <Figure
            name="Events, 24 h"
            value={day.events}
            note={against(day.events, day.events_the_day_before)}
            to={{ to: '/events', search: { q: 'after:24h' } }}
          />
          <Figure
            name="HIGH events, 24 h"
            value={day.high}
            note={against(day.high, day.high_the_day_before)}
            to={{ to: '/events', search: { q: 'severity:HIGH after:24h' } }}
          />
          <Figure
            name="Sessions open"
            value={active_sessions}
            note="inside at this moment"
            to={{ to: '/sessions', search: { active: 'true' } }}
          />
          <Figure
            name="Attackers"
            value={total_attackers}
            note={`in ${total_events.toLocaleString()} events, all time`}
            to={{ to: '/attackers', search: {} }}
          />
          <Figure name="Adaptations" value={total_adaptations} note="all time" to={{ to: '/decisions', search: {} }} />
        </dl>
      )}
    </Answer>
  );
}

function Figure({ name, value, note, to }: { name: string; value: number; note: string; to: LinkProps }) {
  return (
    <div className="relative rounded-lg border border-line bg-card px-3 py-2 hover:border-soft max-sm:first:col-span-2">
      <dt className="text-[0.8rem] text-soft">
        {/* Its after covers the whole figure. */}
        <Link {...to} className="after:absolute after:inset-0">
          {name}
        </Link>
      </dt>
      <dd className="text-2xl font-semibold tabular-nums">{value.toLocaleString()}</dd>
      <dd className="text-[0.75rem] text-soft">{note}</dd>
    </div>
  );
}

function against(value: number, before: number): string {
  if (before === 0) return value === 0 ? 'none the day before either' : 'none the day before';
  const direction = value > before ? '▲' : value < before ? '▼' : '=';
  return `${direction} ${before.toLocaleString()} the day before`;
}
