import type { SeverityTrend } from '@cerberusmesh/contract/api-stats';

const severities = [
  { name: 'HIGH', tone: 'var(--high)' },
  { name: 'MEDIUM', tone: 'var(--medium)' },
  { name: 'LOW', tone: 'var(--low)' },
  { name: 'UNKNOWN', tone: 'var(--unknown)' },
] as const;

const cellHeight = 18;
const barsHeight = 70;
const hourFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', hour12: false });

/** Bars of all events over a heat map of each severity; logarithmic, since a scan is a thousand times a break-in. */
export function SeverityHours({ hours }: { hours: readonly SeverityTrend[] }) {
  const width = 100 / Math.max(1, hours.length);
  const totalMax = Math.max(1, ...hours.map(({ total }) => total));
  const height = barsHeight + severities.length * (cellHeight + 2) + 14;
  return (
    <figure>
      <svg
        viewBox={`0 0 100 ${height}`}
        preserveAspectRatio="none"
        className="h-44 w-full"
        role="img"
        aria-label={described(hours)}
      >
        {hours.map((hour, at) => (
          <g key={hour.period} transform={`translate(${at * width} 0)`}>
            <title>{toldOf(hour)}</title>
            <rect width={width * 0.86} y={0} height={barsHeight} fill="transparent" />
            <rect
              width={width * 0.86}
              y={barsHeight - barsHeight * share(hour.total, totalMax)}
              height={barsHeight * share(hour.total, totalMax)}
              fill="var(--soft)"
            />
            {severities.map(({ name, tone }, row) => (
              <rect
                key={name}
                y={barsHeight + 4 + row * (cellHeight + 2)}
                width={width * 0.86}
                height={cellHeight}
                fill={hour[name] === 0 ? 'var(--sunken)' : tone}
                fillOpacity={
                  hour[name] === 0
                    ? 1
                    : 0.25 + 0.75 * share(hour[name], Math.max(1, ...hours.map((each) => each[name])))
                }
              />
            ))}
          </g>
        ))}
      </svg>
      <figcaption className="mt-1 flex flex-wrap justify-between gap-x-3 text-[0.72rem] text-soft">
        <span>
          rows: all, {severities.map(({ name }) => name).join(', ')} · most in an hour {totalMax.toLocaleString()}
        </span>
        <span>
          {hours[0] && hourFormat.format(new Date(hours[0].period))} → {hourFormat.format(new Date())}
        </span>
      </figcaption>
    </figure>
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
