import type { EventSummary } from '@cerberusmesh/contract/api-events';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Badge, SeverityBadge } from '../../kit/badge.tsx';
import { eventName } from '../../kit/event-name.ts';
import { rowCharactersMax, Said } from '../../kit/event-row.tsx';
import { AttackerLink, SessionLink, Techniques } from '../../kit/links.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

export interface EventColumn {
  readonly name: string;
  /** Of the grid, where the screen is wide enough for one. */
  readonly width: string;
  /** The fields of the API that it shows, for the export. */
  readonly fields: readonly (keyof EventSummary)[];
  readonly cell: (event: EventSummary) => ReactNode;
}

const text = (value: string | null, mono = false) =>
  value === null ? null : <Untrusted text={value} mono={mono} max={300} />;
const share = (value: number | null) => (value === null ? null : value.toFixed(2));

export const eventColumns = {
  time: { name: 'Time', width: '6.5rem', fields: ['timestamp'], cell: (event) => <Moment iso={event.timestamp} /> },
  severity: {
    name: 'Severity',
    width: '6.5rem',
    fields: ['severity'],
    cell: (event) => <SeverityBadge severity={event.severity} />,
  },
  from: {
    name: 'From',
    width: '9rem',
    fields: ['source_ip'],
    cell: (event) => event.source_ip !== null && <AttackerLink address={event.source_ip} />,
  },
  type: {
    name: 'Event',
    width: '11rem',
    fields: ['event_type'],
    cell: (event) => (
      <>
        <Link to="/events/$eventId" params={{ eventId: event.id }} className="text-soft hover:underline">
          <Untrusted text={eventName(event.event_type)} max={80} />
        </Link>{' '}
        {event.is_probe && <Badge>our probe</Badge>}
      </>
    ),
  },
  said: {
    name: 'Said',
    width: 'minmax(10rem, 1fr)',
    fields: ['command', 'username', 'password'],
    cell: (event) => <Said event={event} max={rowCharactersMax} />,
  },
  techniques: {
    name: 'Techniques',
    width: 'minmax(9rem, 0.35fr)',
    fields: ['techniques'],
    cell: (event) => <Techniques ids={event.techniques} max={5} />,
  },
  session: {
    name: 'Session',
    width: '8rem',
    fields: ['session_id'],
    cell: (event) => event.session_id !== null && <SessionLink sessionId={event.session_id} sensor={event.sensor} />,
  },
  sensor: { name: 'Sensor', width: '8rem', fields: ['sensor'], cell: (event) => text(event.sensor) },
  protocol: { name: 'Protocol', width: '5rem', fields: ['protocol'], cell: (event) => text(event.protocol) },
  port: { name: 'Port', width: '4rem', fields: ['source_port'], cell: (event) => event.source_port },
  score: { name: 'Threat', width: '4rem', fields: ['threat_score'], cell: (event) => share(event.threat_score) },
  anomaly: { name: 'Anomaly', width: '4.5rem', fields: ['anomaly_score'], cell: (event) => share(event.anomaly_score) },
  confidence: { name: 'Certain', width: '4rem', fields: ['confidence'], cell: (event) => share(event.confidence) },
  attack: { name: 'Attack', width: '9rem', fields: ['attack_type'], cell: (event) => text(event.attack_type) },
  why: { name: 'Why', width: 'minmax(12rem, 1fr)', fields: ['why'], cell: (event) => text(event.why) },
} as const satisfies Readonly<Record<string, EventColumn>>;

export type ColumnName = keyof typeof eventColumns;

export const columnNames = Object.keys(eventColumns).filter(isColumn);
export const columnsDefault: readonly ColumnName[] = [
  'time',
  'severity',
  'from',
  'session',
  'type',
  'said',
  'techniques',
];

/** The columns that an address names; what it does not know is left out. */
export function columnsOf(said: string | undefined): readonly ColumnName[] {
  const known = said?.split(',').filter(isColumn) ?? [];
  return known.length === 0 ? columnsDefault : [...new Set(known)];
}

function isColumn(name: string): name is ColumnName {
  return Object.hasOwn(eventColumns, name);
}
