import type { Attacker } from '@cerberusmesh/contract/api-attackers';
import { Badge } from './badge.tsx';
import { countryName } from './country-name.ts';
import { Untrusted } from './untrusted.tsx';

type Place = Pick<Attacker, 'network' | 'country'>;

/** `Germany`, `private range, no country`, `office, Germany` of one's own network, or that nothing is known. */
export function placeName({ network, country }: Place): string {
  if (network === null) return country === null ? 'country not known' : countryName(country);
  return country === null ? `${network} range, no country` : `${network}, ${countryName(country)}`;
}

/** Where an address belongs, as far as is known offline. */
export function Whereabouts({ of }: { of: Place & Pick<Attacker, 'asn' | 'as_name' | 'scanner'> }) {
  const { asn, as_name, scanner } = of;
  return (
    <>
      <Untrusted text={placeName(of)} max={90} />
      {asn !== null && (
        <span className="text-soft">
          {' '}
          AS{asn} <Untrusted text={as_name ?? ''} max={60} />
        </span>
      )}{' '}
      {scanner !== null && <Badge>scanner: {scanner}</Badge>}
    </>
  );
}
