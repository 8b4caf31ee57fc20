/**
 * The attack types that the model tells apart, each with the words that raters used for it, and the techniques (or single
 * rules) whose examples it is the name of. A rater's word counts as a label; that of a rule's example is a weak one, our
 * own judgement, for types that raters met too seldom.
 */
const attackTypes: Readonly<Record<string, { readonly words: string; readonly rules: string }>> = {
  none: {
    words: 'benign file_listing http_header_fragment pasted_key_fragment file_creation connectivity_test data_encoding',
    rules: '',
  },
  system_recon: {
    words:
      'system_discovery system_recon hardware_recon router_recon virtualization_check vm_detection bot_probe infection_check malware_marker_check honeypot_probe applet_probe architecture_probe shell_execution_test command_execution_test tool_check attack_tool_check config_reading config_discovery log_reading security_tool_discovery cron_discovery writable_dir_search',
    rules:
      'T1082 T1083 T1057 T1518 T1497 T1007 T1124 T1614 T1120 T1652 T1654 T1217 T1580 T1526 T1619 T1673 T1622 T1010 shell-found',
  },
  account_recon: {
    words:
      'account_discovery password_policy_discovery privilege_discovery setuid_discovery suid_discovery sudo_discovery domain_discovery ldap_discovery',
    rules: 'T1033 T1087 T1069 T1201 T1615 T1482',
  },
  network_recon: {
    words: 'network_connection_discovery network_discovery share_discovery external_ip_lookup',
    rules: 'T1016 T1049 T1018 T1135',
  },
  network_scan: {
    words: 'network_scan port_scan host_probe vulnerability_scan network_probe web_probe web_service_probe',
    rules: 'T1046 T1595',
  },
  malware_download: {
    words: 'payload_download download_and_execute remote_script_execution tool_transfer tool_install file_transfer',
    rules: 'T1105',
  },
  malware_execution: {
    words:
      'payload_execution malware_execution masqueraded_script_execution steganographic_payload_execution decoded_payload_execution attack_tool_launch attack_tool compile_and_run service_execution transient_service_execution',
    rules: 'T1204 T1569 T1620 T1129 T1106 T1202 T1651 T1648 script-run shell-from-pipe decoded-text-run eval-used',
  },
  script_execution: {
    words: 'script_execution',
    rules:
      'T1059.006 T1059.007 T1059.001 T1059.011 T1059.012 T1059.008 perl-ruby-php-code perl-script-plain shell-command-string',
  },
  dropper: {
    words: 'dropper file_dropper dropper_file_receive file_drop file_extraction archive_extraction',
    rules: '',
  },
  drop_preparation: {
    words:
      'payload_chmod payload_preparation drop_preparation writable_test writable_path_test downloader_prep exploit_preparation exploit_staging',
    rules: 'T1608',
  },
  permission_change: { words: 'permission_change file_ownership_change', rules: 'T1222' },
  account_manipulation: { words: 'password_change', rules: 'T1098 T1531' },
  account_creation: { words: 'account_creation', rules: 'T1136' },
  ssh_key_persistence: { words: 'ssh_key_persistence ssh_backdoor', rules: 'T1098.004' },
  persistence: {
    words:
      'persistence service_persistence cron_persistence profile_persistence library_preload_hijack root_certificate_install root_ca_install',
    rules: 'T1053 T1543 T1546 T1547 T1037 T1574 T1554 T1556 T1553',
  },
  web_shell: { words: '', rules: 'T1505' },
  rootkit: { words: 'kernel_module_load rootkit_load', rules: 'T1014 T1547.006 T1542' },
  privilege_escalation: {
    words: 'privilege_escalation shell_escape sudoers_modification user_switch credential_use credential_use_test',
    rules: 'T1548 T1068 T1055 T1134 shell-escape shell-spawned-by-text',
  },
  container_abuse: { words: 'container_execution container_deployment', rules: 'T1611 T1610 T1609 T1613 T1612' },
  defense_disabled: {
    words:
      'defence_disabling defense_disable defence_disabled defense_disabled firewall_disabled firewall_config_tamper firewall_config_change logging_disabled log_disabling log_config_tamper log_config_change',
    rules: 'T1562',
  },
  track_cleanup: {
    words:
      'track_cleanup artifact_cleanup history_evasion history_destruction log_destruction file_cleanup file_deletion timestomping',
    rules: 'T1070',
  },
  hiding: { words: 'masquerading binary_padding', rules: 'T1564 T1036 T1027 T1140 T1480' },
  credential_access: {
    words:
      'credential_hunting secret_reading secret_access credential_file_read credential_reading credential_dumping private_key_collection cloud_credential_theft history_capture history_collection history_read history_reading credential_capture pam_credential_capture',
    rules: 'T1003 T1552 T1555 T1528 T1539 T1558 T1212',
  },
  sniffing: { words: 'network_sniffing keylogging', rules: 'T1040 T1056 T1557' },
  brute_force: {
    words:
      'password_cracking credential_stuffing_prep credential_stuffing credential_list_staging credential_staging password_cracking_prep password_cracking_preparation cracking_tool_usage private_key_cracking',
    rules: 'T1110',
  },
  lateral_movement: {
    words: 'lateral_movement lateral_tool_transfer data_transfer_lateral ssh_hop remote_access',
    rules: 'T1021 T1570 T1563 T1072',
  },
  exploitation: { words: 'exploitation remote_exploitation exploit_lateral_movement', rules: 'T1190 T1203 T1210' },
  remote_shell: { words: '', rules: 'T1095 T1571 reverse-shell bind-shell' },
  tunnelling: {
    words: 'proxying proxy_use proxy_tor tunnelling remote_tunnel',
    rules: 'T1572 T1090',
  },
  command_and_control: { words: '', rules: 'T1071 T1102 T1573 T1219 T1132 T1568 T1205 T1659' },
  data_collection: {
    words: 'data_staging data_collection archiving log_archiving',
    rules: 'T1560 T1074 T1005 T1113 T1115 T1119 T1123 T1039 T1213 T1530 T1114',
  },
  exfiltration: {
    words: 'exfiltration data_transfer covert_transfer exfil_channel_test file_serving file_server_staging',
    rules: 'T1048 T1041 T1567 T1020 T1030 T1537 T1029 T1052',
  },
  destruction: { words: 'destruction data_destruction', rules: 'T1485 T1561 T1490 T1491 T1565 T1495' },
  ransomware: { words: '', rules: 'T1486' },
  denial_of_service: { words: 'denial_of_service system_reboot_shutdown reboot shutdown', rules: 'T1498 T1499 T1529' },
  service_stop: { words: 'service_stop process_kill competitor_kill', rules: 'T1489' },
  cryptomining: { words: '', rules: 'T1496' },
};

const byWord = new Map(entries('words'));
const byRule = new Map(entries('rules'));

export const attackTypeNames = Object.keys(attackTypes).sort();

/** The type that a rater's word stands for; undefined for a word that nobody placed. */
export function typeOfWord(word: string): string | undefined {
  return byWord.get(word);
}

/** The type of a rule's examples: its own, else that of its first technique that has one, a sub-technique's before its parent's. */
export function typeOfRule({ id, techniques }: { id: string; techniques: readonly string[] }): string | undefined {
  for (const key of [id, ...techniques.flatMap((technique) => [technique, technique.slice(0, 5)])]) {
    const type = byRule.get(key);
    if (type !== undefined) return type;
  }
  return undefined;
}

function entries(of: 'words' | 'rules'): [string, string][] {
  return Object.entries(attackTypes).flatMap(([type, named]) =>
    named[of]
      .split(' ')
      .filter((word) => word !== '')
      .map((word): [string, string] => [word, type]),
  );
}
