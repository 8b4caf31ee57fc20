import type { SessionState } from '@cerberusmesh/contract/assessment';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import type { Severity } from '@cerberusmesh/contract/severity';
import type { RuledAttackType } from './attack-type.ts';
import type { LineJudgement } from './judge-line.ts';

const guessesForBruteForce = 3;

/**
 * What an event that is no command means. This is the definition of design.md written down (a login that succeeded is
 * MEDIUM, a tunnel is MEDIUM, a file brought in is HIGH …), no learned judgement, and `why` says so.
 */
export function eventMeaning({ detail }: SensorEvent, session: SessionState): LineJudgement {
  switch (detail.kind) {
    case 'login':
      return detail.succeeded
        ? loginMeaning(detail.keyFingerprint !== undefined, session)
        : failedLoginMeaning(session);
    case 'transfer':
      return transferMeaning(detail);
    case 'tunnel':
      return tunnelMeaning(detail, session);
    case 'exploit':
      return meaning('HIGH', 'exploitation', `an exploit of ${detail.name.slice(0, 60)} was tried`, [['T1190', 0.9]]);
    case 'input':
      return meaning('LOW', 'none', `text was handed to ${detail.realm.slice(0, 40)}`, []);
    case 'api_call':
      return meaning(
        'LOW',
        'none',
        `${detail.operation.slice(0, 60)} was called at ${detail.service.slice(0, 60)}`,
        [],
      );
    case 'client':
      return clientMeaning(detail.version);
    default:
      return nothingDone;
  }
}

function failedLoginMeaning({ failedLogins }: SessionState): LineJudgement {
  const guesses = failedLogins + 1;
  return guesses >= guessesForBruteForce
    ? meaning('LOW', 'brute_force', `login failed, ${guesses} times in this session`, [['T1110.001', 0.9]])
    : meaning('LOW', 'brute_force', 'login failed', [['T1110.001', 0.6]]);
}

function loginMeaning(byKey: boolean, { failedLogins }: SessionState): LineJudgement {
  const after = failedLogins > 0 ? ` after ${failedLogins} guesses` : '';
  return meaning('MEDIUM', 'valid_login', `login succeeded${after}${byKey ? ' by public key' : ''}`, [
    ['T1078', 0.85],
    ['T1021.004', 0.6],
    ...(failedLogins > 0 ? [['T1110.001', 0.8] as const] : []),
  ]);
}

function transferMeaning(detail: Extract<SensorEvent['detail'], { kind: 'transfer' }>): LineJudgement {
  const what = (detail.url ?? detail.path ?? 'a file').slice(0, 120);
  const tried = detail.succeeded ? '' : 'tried, ';
  return detail.direction === 'download'
    ? meaning('HIGH', 'malware_download', `download, ${tried}of ${what}`, [['T1105', detail.succeeded ? 0.95 : 0.85]])
    : meaning('HIGH', 'malware_upload', `upload, ${tried}of ${what}`, [
        ['T1105', 0.9],
        ['T1570', 0.5],
      ]);
}

function tunnelMeaning(
  { phase, host, port }: Extract<SensorEvent['detail'], { kind: 'tunnel' }>,
  { tunnels }: SessionState,
): LineJudgement {
  const target = `${host.slice(0, 80)}:${port}`;
  const mail = port === 25 || port === 465 || port === 587;
  return meaning(
    'MEDIUM',
    mail ? 'spam_relay' : 'tunnelling',
    `a tunnel to ${target} was ${phase === 'asked' ? 'asked for' : 'used'}`,
    [
      ['T1572', 0.85],
      ['T1090', tunnels > 0 ? 0.85 : 0.75],
      ...(port === 22 || port === 23 ? [['T1021.004', 0.6] as const] : []),
    ],
  );
}

const scanners = /zgrab|masscan|nmap|zmap|shodan|censys|nessus|openvas|^GET |^HEAD |^POST |HTTP\/1/i;
const attackTools = /hydra|medusa|ncrack|libssh|paramiko|golang|^SSH-2\.0-Go|putty_?brute|nimssh|russh|jsch/i;

function clientMeaning(version: string | undefined): LineJudgement {
  const shown = (version ?? '').slice(0, 60);
  if (scanners.test(shown))
    return meaning('LOW', 'scan', `client "${shown}" is a scanner`, [
      ['T1595.001', 0.7],
      ['T1046', 0.5],
    ]);
  if (attackTools.test(shown))
    return meaning('LOW', 'brute_force', `client "${shown}" is a library that bots use`, [['T1110', 0.5]]);
  return meaning('LOW', 'none', 'a client said its name', []);
}

const threatOf = { LOW: 0.1, MEDIUM: 0.5, HIGH: 0.9 } as const;

function meaning(
  severity: Severity,
  attackType: RuledAttackType,
  why: string,
  techniques: readonly (readonly [string, number])[],
): LineJudgement {
  return {
    severity,
    confidence: 1,
    severeChance: severity === 'HIGH' ? 1 : 0,
    threatScore: threatOf[severity],
    attackType,
    attackTypeConfidence: 1,
    ruleTactic: null,
    why: `by definition: ${why}`,
    techniques: techniques.map(([id, confidence]) => ({ id, confidence, why: `event: ${why}` })),
    partial: false,
  };
}

/** Of half of all events: made once. */
const nothingDone = meaning('LOW', 'none', 'a connection event; nothing was done', []);
