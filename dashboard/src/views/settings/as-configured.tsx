import type { SettingName } from '@cerberusmesh/contract/settings';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/ask.ts';
import { settingChangesQuery, settingsQuery } from '../../api/queries.ts';
import { Button } from '../../kit/form.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Fault } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

/** Who set a setting by hand, and the way back to what is configured; absent where nobody did. `onAsk` may ask back first. */
export function AsConfigured({
  name,
  onAsk = (_configured, forget) => forget(),
}: {
  name: SettingName;
  onAsk?: (configured: unknown, forget: () => void) => void;
}) {
  const change = useQuery(settingChangesQuery).data?.data.find((each) => each.name === name);
  const forget = useForget(name);
  if (change === undefined) return forget.error && <Fault error={forget.error} />;
  return (
    <div className="text-[0.8rem] text-soft">
      set by <Untrusted text={change.changed_by} max={100} />, <Moment iso={change.changed_at} />; configured:{' '}
      {told(change.configured)}{' '}
      <Button
        isSmall
        needs="admin in config"
        disabled={forget.isPending}
        onClick={() => onAsk(change.configured, () => forget.mutate())}
      >
        ↩ As configured
      </Button>
      {forget.error && <Fault error={forget.error} />}
    </div>
  );
}

function useForget(name: SettingName) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.DELETE('/config/{name}', { params: { path: { name } } }),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: settingsQuery.queryKey });
      await queries.invalidateQueries({ queryKey: ['retention'] });
    },
  });
}

function told(configured: unknown): string {
  if (typeof configured === 'boolean') return configured ? 'on' : 'off';
  return configured === null || configured === undefined ? 'no limit' : String(configured);
}
