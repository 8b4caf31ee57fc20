import { useQuery } from '@tanstack/react-query';
import { trendsQuery } from '../../api/queries.ts';
import { Answer, Panel } from '../../kit/panel.tsx';
import { SeverityHours } from '../../kit/severity-hours.tsx';

const hoursShown = 24;
const hourMs = 3_600_000;

/** Events of the last day by hour and severity. */
export function Hours() {
  // The whole hour, so that the question (and with it the kept answer) changes once an hour and not once a render.
  const from = new Date((Math.floor(Date.now() / hourMs) - hoursShown + 1) * hourMs).toISOString();
  const trends = useQuery(trendsQuery(from, 'hour'));
  return (
    <Panel title="By hour" aside="last 24 hours, your time zone">
      <Answer query={trends}>{({ data }) => <SeverityHours hours={data} />}</Answer>
    </Panel>
  );
}
