import type { SeverityTrend } from '@cerberusmesh/contract/api-stats';

const severities = [
  { name: 'HIGH', tone: 'var(--high)' },
  { name: 'MEDIUM', tone: 'var(--medium)' },
  { name: 'LOW', tone: 'var(--low)' },
  { name: 'UNKNOWN', tone: 'var(--unknown)' },
] as const;
type Severity = (typeof severities)[number]['name'];

/** So many hours are named below; the rest is between them. */
const namedHours = 4;
const hourFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });
const grid = 'grid grid-cols-[4.5rem_minmax(0,1fr)] items-center gap-x-2 gap-y-0.5 text-[0.72rem] text-soft';

/** Bars of all events over a row of cells for each severity; logarithmic, since a scan is a thousand times a break-in. */
export function SeverityHours({ hours }: { hours: readonly SeverityTrend[] }) {
  const shown = severities.filter(({ name }) => name !== 'UNKNOWN' || hours.some(({ UNKNOWN }) => UNKNOWN > 0));
  const most = Math.max(0, ...hours.map(({ total }) => total));
  return (
    <figure className={grid}>
      <span>
        all
        <br />
        most {most.toLocaleString()}
      </span>
      <Row
        hours={hours}
        className="h-20"
        label={described(hours)}
        fillOf={({ total }) => (most === 0 ? 0 : share(total, most))}
        isBars
      />
      {shown.map(({ name, tone }) => (
        <SeverityRow key={name} hours={hours} name={name} tone={tone} />
      ))}
      <span>hour</span>
      <span className="flex justify-between tabular-nums">
        {Array.from({ length: namedHours }, (_, at) => hours[Math.floor((at * hours.length) / namedHours)]?.period).map(
          (period) => period !== undefined && <span key={period}>{hourFormat.format(new Date(period))}</span>,
        )}
        <span>now</span>
      </span>
    </figure>
  );
}

function SeverityRow({ hours, name, tone }: { hours: readonly SeverityTrend[]; name: Severity; tone: string }) {
  const most = Math.max(1, ...hours.map((hour) => hour[name]));
  const sum = hours.reduce((total, hour) => total + hour[name], 0);
  return (
    <>
      <span>{name}</span>
      <Row
        hours={hours}
        className="h-4"
        label={`${name}: ${sum.toLocaleString()} events`}
        tone={tone}
        fillOf={(hour) => (hour[name] === 0 ? 0 : 0.25 + 0.75 * share(hour[name], most))}
      />
    </>
  );
}

/** An hour each: as a bar, or as a cell that is fuller of its colour. */
function Row({
  hours,
  className,
  label,
  tone = 'var(--soft)',
  fillOf,
  isBars = false,
}: {
  hours: readonly SeverityTrend[];
  className: string;
  label: string;
  tone?: string;
  /** 0 to 1. */
  fillOf: (hour: SeverityTrend) => number;
  isBars?: boolean;
}) {
  const width = 100 / Math.max(1, hours.length);
  return (
    <svg viewBox="0 0 100 1" preserveAspectRatio="none" className={`w-full ${className}`} role="img" aria-label={label}>
      {hours.map((hour, at) => {
        const value = fillOf(hour);
        const place = { x: at * width, width: width * 0.86 };
        return (
          <g key={hour.period}>
            <title>{toldOf(hour)}</title>
            <rect {...place} height={1} fill={isBars ? 'transparent' : 'var(--sunken)'} />
            <rect
              {...place}
              y={isBars ? 1 - value : 0}
              height={isBars ? value : 1}
              fill={tone}
              fillOpacity={isBars ? 1 : value}
            />
          </g>
        );
      })}
    </svg>
  );
}

function share(value: number, max: number): number {
  return Math.log1p(value) / Math.log1p(max);
}

function toldOf({ period, total, HIGH, MEDIUM, LOW, UNKNOWN }: SeverityTrend): string {
  return `${new Date(period).toLocaleString()}: ${total} events; ${HIGH} HIGH, ${MEDIUM} MEDIUM, ${LOW} LOW, ${UNKNOWN} UNKNOWN`;
}

function described(hours: readonly SeverityTrend[]): string {
  const total = hours.reduce((sum, hour) => sum + hour.total, 0);
  const high = hours.reduce((sum, hour) => sum + hour.HIGH, 0);
  return `${total} events in ${hours.length} hours, ${high} of them HIGH`;
}
