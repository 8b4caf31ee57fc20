import { isoColumn } from './statement.ts';

/** What contract's SessionContext needs. */
export const sessionContextColumns = `
  id, session_id, ${isoColumn('start_time')}, ${isoColumn('end_time')}, event_count, command_count,
  successful_login, is_active, severity, client_version`;

/** What contract's SessionSummary needs. */
export const sessionColumns = `
  ${sessionContextColumns}, sensor, source_ip, protocol, ${isoColumn('last_event_time')}, is_probe, threat_score,
  techniques, hassh`;
