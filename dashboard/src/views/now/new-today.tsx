import { Link } from '@tanstack/react-router';
import { Badge } from '../../kit/badge.tsx';
import { counted } from '../../kit/counted.ts';
import { AttackerLink } from '../../kit/links.tsx';
import { lureName } from '../../kit/lure-name.ts';
import { Moment } from '../../kit/moment.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Shape } from '../../kit/shape.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';
import { useNewToday } from './use-new-today.ts';

/** Lures that were used, and what nobody has seen before. Absent on a day that brought nothing new. */
export function NewToday() {
  const { shapes = [], touches = [] } = useNewToday();
  if (shapes.length === 0 && touches.length === 0) return null;
  return (
    <Panel title="New today" aside="lures used, and what no sensor has seen before">
      <ul className="divide-y divide-line">
        {touches.map((touch) => (
          <li key={touch.id} className="flex flex-wrap items-baseline gap-2 py-1.5">
            <Moment iso={touch.touched_at} />
            <Badge tone="bg-high-ground text-high">▲ lure used</Badge>
            <Link to="/events/$eventId" params={{ eventId: touch.event_id }} className="hover:underline">
              <Untrusted text={lureName(touch.lure.kind)} max={60} />
            </Link>
            {touch.source_ip !== null && <AttackerLink address={touch.source_ip} />}
          </li>
        ))}
        {shapes.map((shape) => (
          <li
            key={shape.id}
            className="flex flex-wrap items-baseline gap-x-2 py-1.5 sm:grid sm:grid-cols-[auto_auto_1fr_auto]"
          >
            <Moment iso={shape.first_seen} />
            <Badge tone="bg-accent-ground text-accent">new shape</Badge>
            <span className="min-w-0 sm:truncate">
              <Shape text={shape.shape} max={140} />
            </span>
            <span className="text-soft">{counted(shape.sessions, 'session')}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
