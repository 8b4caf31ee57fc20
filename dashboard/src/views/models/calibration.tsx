import type { CalibrationBin } from '@cerberusmesh/contract/models';

const size = 100;

/** How often answers were right, by how sure they were; on the line they keep their word. A larger dot stands for more answers. */
export function Calibration({ bins }: { bins: readonly CalibrationBin[] }) {
  const most = Math.max(1, ...bins.map(({ items }) => items));
  return (
    <figure className="mt-3 flex flex-wrap items-center gap-3">
      <svg viewBox="-14 -4 120 120" className="w-52 shrink-0" role="img" aria-label={described(bins)}>
        <rect width={size} height={size} fill="var(--sunken)" stroke="var(--line)" />
        <line x1="0" y1={size} x2={size} y2="0" stroke="var(--soft)" strokeDasharray="3 3" />
        <polyline points={bins.map(placeOf).join(' ')} fill="none" stroke="var(--accent)" strokeWidth="1" />
        {bins.map((bin) => (
          <circle
            key={bin.confidence}
            cx={bin.confidence * size}
            cy={size - bin.right * size}
            r={1.5 + 3.5 * Math.sqrt(bin.items / most)}
            fill="var(--accent)"
          >
            <title>{toldOf(bin)}</title>
          </circle>
        ))}
        {[0, 0.5, 1].map((share) => (
          <g key={share} fontSize="6" fill="var(--soft)">
            <text x={share * size} y={size + 8} textAnchor="middle">
              {share * 100}
            </text>
            <text x={-2} y={size - share * size + 2} textAnchor="end">
              {share * 100}
            </text>
          </g>
        ))}
        <text x={size / 2} y={size + 15} fontSize="6" textAnchor="middle" fill="var(--soft)">
          how sure, % → how often right, % ↑
        </text>
      </svg>
      <figcaption className="text-[0.8rem] text-soft">
        Calibration: on the dashed line it is right as often as it says.
        <ul className="tabular-nums">
          {bins.map((bin) => (
            <li key={bin.confidence}>{toldOf(bin)}</li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}

function placeOf({ confidence, right }: CalibrationBin): string {
  return `${confidence * size},${size - right * size}`;
}

function toldOf({ items, confidence, right }: CalibrationBin): string {
  return `${Math.round(confidence * 100)} % sure: ${Math.round(right * 100)} % of ${items.toLocaleString()} right`;
}

function described(bins: readonly CalibrationBin[]): string {
  return `Calibration. ${bins.map(toldOf).join('; ')}`;
}
