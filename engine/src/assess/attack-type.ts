import type { TechniqueFinding } from '@cerberusmesh/contract/assessment';
import type { Severity } from '@cerberusmesh/contract/severity';

/** The seed's kind of label, one per technique or technique family; the longest id that fits wins. */
const names = new Map([
  ['T1496', 'cryptomining'],
  ['T1486', 'ransomware'],
  ['T1485', 'destruction'],
  ['T1561', 'destruction'],
  ['T1498', 'denial_of_service'],
  ['T1499', 'denial_of_service'],
  ['T1529', 'denial_of_service'],
  ['T1489', 'service_stop'],
  ['T1531', 'account_lockout'],
  ['T1491', 'defacement'],
  ['T1490', 'destruction'],
  ['T1098.004', 'ssh_key_persistence'],
  ['T1098', 'account_manipulation'],
  ['T1136', 'account_creation'],
  ['T1053', 'scheduled_persistence'],
  ['T1543', 'service_persistence'],
  ['T1546', 'persistence'],
  ['T1547', 'persistence'],
  ['T1037', 'persistence'],
  ['T1505', 'web_shell'],
  ['T1574', 'persistence'],
  ['T1554', 'persistence'],
  ['T1556', 'persistence'],
  ['T1548', 'privilege_escalation'],
  ['T1068', 'privilege_escalation'],
  ['T1055', 'process_injection'],
  ['T1611', 'container_escape'],
  ['T1610', 'container_abuse'],
  ['T1562', 'defense_disabled'],
  ['T1070', 'track_cleanup'],
  ['T1564', 'hiding'],
  ['T1036', 'masquerading'],
  ['T1027', 'obfuscation'],
  ['T1140', 'obfuscation'],
  ['T1014', 'rootkit'],
  ['T1222', 'permission_change'],
  ['T1553', 'defense_disabled'],
  ['T1003', 'credential_dumping'],
  ['T1552', 'credential_access'],
  ['T1555', 'credential_access'],
  ['T1110', 'brute_force'],
  ['T1040', 'sniffing'],
  ['T1056', 'keylogging'],
  ['T1021', 'lateral_movement'],
  ['T1570', 'lateral_movement'],
  ['T1105', 'malware_download'],
  ['T1572', 'tunnelling'],
  ['T1090', 'proxying'],
  ['T1048', 'exfiltration'],
  ['T1041', 'exfiltration'],
  ['T1567', 'exfiltration'],
  ['T1560', 'data_staging'],
  ['T1074', 'data_staging'],
  ['T1046', 'network_scan'],
  ['T1190', 'exploitation'],
  ['T1203', 'exploitation'],
  ['T1059.004', 'command_execution'],
  ['T1059', 'script_execution'],
  ['T1095', 'remote_shell'],
  ['T1571', 'remote_shell'],
  ['T1102', 'command_and_control'],
  ['T1071', 'command_and_control'],
  ['T1082', 'system_recon'],
  ['T1083', 'system_recon'],
  ['T1033', 'system_recon'],
  ['T1016', 'network_recon'],
  ['T1049', 'network_recon'],
  ['T1018', 'network_recon'],
  ['T1057', 'system_recon'],
  ['T1087', 'account_recon'],
]);

const confidenceMin = 0.45;

/**
 * A snake-case label for what was done: that of the surest technique, else of the tactic of the rule that matched;
 * `none` where nothing was. `techniques` are sorted, the surest first.
 */
export function attackTypeOf(
  severity: Severity,
  techniques: readonly TechniqueFinding[],
  ruleTactic: string | undefined,
): string {
  for (const { id, confidence } of techniques) {
    if (confidence < confidenceMin) break;
    const name = names.get(id) ?? names.get(id.slice(0, 5));
    if (name !== undefined) return name;
  }
  if (severity === 'LOW') return 'none';
  return ruleTactic === undefined ? 'suspicious_command' : ruleTactic.toLowerCase().replaceAll(' ', '_');
}
