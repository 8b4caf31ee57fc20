import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { countriesQuery } from '../../api/queries.ts';
import { Answer, Panel, Quiet } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';
import { placeName } from '../../kit/whereabouts.tsx';

const WorldMap = lazy(async () => ({ default: (await import('../../kit/world-map.tsx')).WorldMap }));

const daysShown = 7;
const rowsMax = 8;
const dayMs = 86_400_000;

/** Where attackers came from in the last week. */
export function Origins() {
  const from = new Date(Date.now() - daysShown * dayMs).toISOString().slice(0, 10);
  const countries = useQuery(countriesQuery(from));
  return (
    <Panel title="Origins" aside={`last ${daysShown} days`}>
      <Answer query={countries} isEmpty={(answer) => answer.countries.length === 0} empty="No event in these days.">
        {(answer) => (
          <>
            <Suspense fallback={<Quiet>Loading …</Quiet>}>
              <WorldMap events={new Map(answer.countries.map(({ country, events }) => [country ?? '', events]))} />
            </Suspense>
            <ul className="mt-2 text-[0.85rem]">
              {answer.countries.slice(0, rowsMax).map(({ country, network, events }) => (
                <li key={`${country} ${network}`} className="flex justify-between gap-2">
                  <Place country={country} network={network} />
                  <span className="tabular-nums">{events.toLocaleString()}</span>
                </li>
              ))}
            </ul>
            {answer.networks.some(({ asn }) => asn !== null) && (
              <h3 className="mt-2 text-[0.75rem] text-soft">Autonomous systems</h3>
            )}
            <ul className="text-[0.85rem]">
              {answer.networks
                .filter(({ asn }) => asn !== null)
                .slice(0, rowsMax)
                .map(({ asn, as_name, country, events }) => (
                  <li key={`${asn} ${country}`} className="flex justify-between gap-2">
                    <Link
                      to="/attackers"
                      search={{ asn: String(asn) }}
                      className="min-w-0 truncate hover:underline"
                      title={`AS${asn}`}
                    >
                      <Untrusted text={as_name} max={60} /> <span className="text-soft">{country}</span>
                    </Link>
                    <span className="tabular-nums">{events.toLocaleString()}</span>
                  </li>
                ))}
            </ul>
            <p className="mt-2 text-[0.7rem] text-soft">{answer.attribution.map(({ text }) => text).join(' · ')}</p>
          </>
        )}
      </Answer>
    </Panel>
  );
}

/** What can be asked for leads to those who are there. */
function Place(place: { country: string | null; network: string | null }) {
  const { country, network } = place;
  const name = <Untrusted text={placeName(place)} max={90} />;
  if (country === null && network === null) return <span className="text-soft">{name}</span>;
  const search = country === null ? { q: `network:${JSON.stringify(network)}` } : { country };
  return (
    <Link to="/attackers" search={search} className="min-w-0 truncate hover:underline">
      {name}
    </Link>
  );
}
