import type { ChannelRecord } from '@cerberusmesh/contract/notice';
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../../api/ask.ts';
import { Button } from '../../kit/form.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Answer, Fault, Panel } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: () => dataOf(api.GET('/api/channels')),
});

/** How people are told; each can be tried. */
export function Channels() {
  const channels = useQuery(channelsQuery);
  return (
    <Panel title="Channels" aside="figures of 30 days">
      <Answer
        query={channels}
        isEmpty={({ data }) => data.length === 0}
        empty="No channel is configured: see [notify] in the configuration."
      >
        {({ data }) => (
          <ul className="divide-y divide-line">
            {data.map((channel) => (
              <li key={channel.name} className="py-1.5">
                <ChannelRow channel={channel} />
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </Panel>
  );
}

function ChannelRow({ channel }: { channel: ChannelRecord }) {
  const test = useMutation({
    mutationFn: () => dataOf(api.POST('/api/channels/{name}/test', { params: { path: { name: channel.name } } })),
  });
  return (
    <div className="flex flex-wrap items-baseline gap-2">
      <strong>{channel.name}</strong>
      <Untrusted text={channel.target} mono max={120} />
      <span className="text-soft">
        {channel.sent} sent, {channel.waiting} waiting, {channel.failed} failed
      </span>
      {channel.last_sent_at !== null && <Moment iso={channel.last_sent_at} />}
      <Button needs="operator in notices" disabled={test.isPending} onClick={() => test.mutate()}>
        {test.isPending ? 'Sending …' : 'Send a test'}
      </Button>
      {test.data?.delivered && <span className="text-low">✓ delivered</span>}
      {test.data?.error && <Fault error={new Error(test.data.error)} />}
      {test.error && <Fault error={test.error} />}
      {channel.last_error !== null && (
        <span className="text-high">
          <Untrusted text={channel.last_error} max={200} />
        </span>
      )}
    </div>
  );
}
