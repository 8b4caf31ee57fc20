import type { SettingName, Settings } from '@cerberusmesh/contract/settings';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/ask.ts';
import { settingsQuery } from '../../api/queries.ts';
import { useRefusal } from '../../kit/may.ts';
import { Answer, Fault, Panel } from '../../kit/panel.tsx';
import { AsConfigured } from './as-configured.tsx';

/** In the contract's order, with its words. The kill switch has a panel of its own, which asks first. */
const told = {
  ENABLE_AUTO_ADAPTATION: 'Carry out adaptations by ourselves',
  CERBERUS_AUTO_ACTION: 'Carry out other actions by ourselves',
  HIGH_SEVERITY_THRESHOLD: 'Threat score from which an event triggers an adaptation',
  CERBERUS_THRESHOLD: 'Confidence from which a decision may act',
  ADAPTATION_COOLDOWN_SECONDS: 'Rest between two adaptations of a sensor, seconds',
} satisfies Partial<Record<SettingName, string>>;
type Told = keyof typeof told;

/** Each change holds at once, everywhere, and is written into the audit log. */
export function ChangeSettings() {
  const settings = useQuery(settingsQuery);
  const queries = useQueryClient();
  const refusal = useRefusal('admin in config');
  const change = useMutation({
    mutationFn: (patch: Partial<Settings>) => api.POST('/config', { body: patch }),
    onSettled: () => queries.invalidateQueries({ queryKey: settingsQuery.queryKey }),
  });
  return (
    <Panel title="Settings" aside={refusal ?? 'hold at once, and are audited'}>
      {change.error && <Fault error={change.error} />}
      <Answer query={settings}>
        {(now) => (
          <ul className="grid gap-2">
            {/* `as`: Object.keys forgets that the keys are those of the record. */}
            {(Object.keys(told) as Told[]).map((name) => (
              <li key={name}>
                <Setting
                  name={name}
                  value={now[name]}
                  refusal={refusal}
                  onChange={(value) => change.mutate({ [name]: value })}
                />
                <AsConfigured name={name} />
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </Panel>
  );
}

function Setting({
  name,
  value,
  refusal,
  onChange,
}: {
  name: Told;
  value: boolean | number;
  refusal: string | undefined;
  onChange: (value: boolean | number) => void;
}) {
  return (
    <div className="flex items-center justify-between gap-3">
      <label htmlFor={name}>
        {told[name]}
        <code className="block font-mono text-[0.72rem] text-soft">{name}</code>
      </label>
      {typeof value === 'boolean' ? (
        <input
          id={name}
          type="checkbox"
          disabled={refusal !== undefined}
          title={refusal}
          checked={value}
          onChange={({ target }) => onChange(target.checked)}
          className="size-4"
        />
      ) : (
        <input
          id={name}
          key={value}
          type="number"
          step="any"
          disabled={refusal !== undefined}
          title={refusal}
          defaultValue={value}
          onBlur={({ target }) => target.valueAsNumber !== value && onChange(target.valueAsNumber)}
          className="w-24 rounded border border-line bg-card px-1.5 py-0.5 text-right"
        />
      )}
    </div>
  );
}
