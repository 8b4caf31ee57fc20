import { isoColumn } from './statement.ts';

/** What contract's SessionContext needs. */
export const sessionContextColumns = `
  id, session_id, ${isoColumn('start_time')}, ${isoColumn('end_time')}, event_count, command_count,
  successful_login, is_active, severity, client_version`;

/** What contract's SessionSummary needs. */
export const sessionColumns = `
  ${sessionContextColumns}, sensor, source_ip, protocol, ${isoColumn('last_event_time')}, is_probe, threat_score,
  techniques, hassh, actor, actor_score, anomaly_score, novelty,
  (select json_build_object('country', a.country, 'asn', a.asn, 'as_name', a.as_name, 'network', a.network,
                            'scanner', a.scanner, 'reputation', a.reputation)
     from attackers a where a.ip_address = sessions.source_ip) as origin,
  case when is_active then left(state->'recentCommands'->>-1, 200) end as last_command`;
