/** So many bars fill the picture; fewer stay as narrow as these and end at the right, where the newest always is. */
const barsMin = 14;

/** Bars, one for each value, the highest as high as the picture; what each says stands in its title. */
export function DayBars({ values, label }: { values: readonly { name: string; value: number }[]; label: string }) {
  const most = Math.max(...values.map(({ value }) => value), Number.MIN_VALUE);
  const places = Math.max(barsMin, values.length);
  const width = 100 / places;
  const first = places - values.length;
  return (
    <svg viewBox="0 0 100 30" preserveAspectRatio="none" className="h-6 w-full min-w-20" role="img" aria-label={label}>
      {values.map(({ name, value }, at) => (
        <rect
          key={name}
          x={(first + at) * width}
          width={width * 0.85}
          y={30 - 30 * (value / most)}
          height={30 * (value / most)}
          fill="var(--accent)"
        >
          <title>{`${name}: ${value.toLocaleString(undefined, { maximumFractionDigits: 1 })}`}</title>
        </rect>
      ))}
    </svg>
  );
}
