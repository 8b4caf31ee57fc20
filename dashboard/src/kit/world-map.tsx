import { geoNaturalEarth1, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import world from 'world-atlas/countries-110m.json';
import { alpha2OfNumeric } from './country-codes.ts';

const width = 360;
const height = 180;

// `as`: world-atlas ships the file without a type; it is a topology with these two objects.
const topology = world as unknown as Topology<{
  countries: GeometryCollection<{ name: string }>;
  land: GeometryCollection;
}>;
const countries = feature(topology, topology.objects.countries).features;
const path = geoPath(geoNaturalEarth1().fitSize([width, height], { type: 'Sphere' }));
const shapes = countries.map((country) => ({
  code: alpha2OfNumeric.get(String(country.id)) ?? null,
  name: country.properties.name,
  outline: path(country) ?? '',
}));

/** Countries by their events, darker with more; the list beside it says the same in numbers. */
export function WorldMap({ events }: { events: ReadonlyMap<string, number> }) {
  const most = Math.max(1, ...events.values());
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      className="w-full"
      role="img"
      aria-label="Origins of events on a map of the world"
    >
      {shapes.map(({ code, name, outline }) => {
        const count = code === null ? 0 : (events.get(code) ?? 0);
        return (
          <path
            key={name}
            d={outline}
            fill={count === 0 ? 'var(--line)' : 'var(--accent)'}
            fillOpacity={count === 0 ? 1 : 0.3 + 0.7 * (Math.log1p(count) / Math.log1p(most))}
            stroke="var(--card)"
            strokeWidth={0.4}
          >
            <title>{`${name}: ${count.toLocaleString()} events`}</title>
          </path>
        );
      })}
    </svg>
  );
}
