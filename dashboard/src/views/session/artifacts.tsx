import type { ArtifactRecord } from '@cerberusmesh/contract/api-artifacts';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../../api/ask.ts';
import { Badge } from '../../kit/badge.tsx';
import { bytes } from '../../kit/moment.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

const states: Readonly<Record<ArtifactRecord['state'], string>> = {
  waiting: 'is being brought in',
  kept: 'kept, sealed',
  dropped: 'was kept until room was needed',
  missing: 'was not there any more',
  too_large: 'too large to keep',
  refused: 'not kept: it was not what its hash says',
  elsewhere: 'kept by its sensor',
};

/** `id` is the session's row. */
export const artifactsQuery = (id: string) =>
  queryOptions({
    queryKey: ['artifacts', id],
    queryFn: () => dataOf(api.GET('/api/sessions/{id}/artifacts', { params: { path: { id } } })),
  });

/** Files that he brought, by hash; absent where he brought none. */
export function Artifacts({ id }: { id: string }) {
  const files = useQuery(artifactsQuery(id)).data?.data.filter(({ kind }) => kind !== 'recording') ?? [];
  if (files.length === 0) return null;
  return (
    <Panel title="What he brought" aside="leaves only in a locked archive">
      <ul className="divide-y divide-line text-[0.85rem]">
        {files.map((file) => (
          <li key={`${file.event_id} ${file.named_sha256}`} className="py-1">
            <Badge>{file.kind}</Badge> <Untrusted text={file.name} mono max={200} />{' '}
            <span className="text-soft">
              {file.size_bytes !== null && `${bytes(file.size_bytes)}, `}
              {states[file.state]}
              {file.sessions > 1 && `, in ${file.sessions} sessions`}
            </span>
            {file.verdicts.map(({ provider, score, says }) => (
              <div key={provider} className={score !== null && score >= 0.5 ? 'text-high' : 'text-soft'}>
                {provider}: <Untrusted text={says} max={200} />
              </div>
            ))}
            <div className="break-anywhere font-mono text-[0.72rem]">sha256 {file.sha256 ?? file.named_sha256}</div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
