import type { CampaignMember } from '@cerberusmesh/contract/api-campaigns';
import { Untrusted } from './untrusted.tsx';

type Reason = CampaignMember['why'][number];

/** Each kind as what a session joined by. */
const words: Readonly<Record<Reason['kind'], string>> = {
  key: 'planting the same public key',
  payload: 'fetching the same file',
  url: 'fetching from the same URL',
  host: 'reaching for the same host',
  token: 'asking busybox for the same made-up name',
  wallet: 'paying into the same wallet',
  login_key: 'logging in with the same key',
  credentials: 'guessing the same list with the same client',
  client: 'coming with the same client',
  address: 'coming from the same address',
  shape: 'doing the same, step by step',
  similar: 'doing nearly the same',
};

/** `planting the same public key`: by what a session joined its campaign. */
export function reasonWords(kind: Reason['kind']): string {
  return words[kind];
}

/** Why one session belongs to its campaign: each reason with what it rests on. */
export function Reasons({ why }: { why: readonly Reason[] }) {
  return (
    <ul className="list-disc pl-5 text-[0.85rem]">
      {why.map(({ kind, value }) => (
        <li key={`${kind} ${value}`}>
          {words[kind]}:{' '}
          <span className="text-soft">
            <Untrusted text={value.replaceAll('\n', '; ')} mono max={120} />
          </span>
        </li>
      ))}
    </ul>
  );
}
