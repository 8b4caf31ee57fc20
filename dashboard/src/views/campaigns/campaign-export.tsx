import { useMutation } from '@tanstack/react-query';
import type { Parameters } from '../../api/ask.ts';
import { download } from '../../api/download.ts';
import { Fault } from '../../kit/panel.tsx';
import { useChangeFilter } from '../../kit/use-change-filter.ts';

const monthMs = 30 * 86_400_000;

/** What is asked for most, a press each: the last month, and the list as a file with hashes, URLs, hosts and keys. */
export function CampaignExport({ filters }: { filters: Parameters }) {
  const change = useChangeFilter();
  const save = useMutation({ mutationFn: () => download('/api/campaigns/export', filters, 'campaigns.csv') });
  return (
    <span className="flex flex-wrap items-center gap-2">
      <button
        type="button"
        className="rounded border border-line px-2 py-1"
        onClick={() => change('from', new Date(Date.now() - monthMs).toISOString())}
      >
        Last 30 days
      </button>
      <button
        type="button"
        className="rounded border border-line px-2 py-1"
        disabled={save.isPending}
        title="Each campaign with the payloads (hashes), URLs, hosts and keys that its sessions share"
        onClick={() => save.mutate()}
      >
        {save.isPending ? 'Exporting …' : 'Export CSV'}
      </button>
      {save.error && <Fault error={save.error} />}
    </span>
  );
}
