import { hash } from 'node:crypto';
import type { Evidence, EvidenceKind } from '@cerberusmesh/contract/campaign';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { reservedNetworkName } from '../origin/networks.ts';

/** A visitor may write as much as he likes; what is looked at is bounded. */
const charactersMax = 16_384;
const perTextMax = 16;
/** A line with more addresses than this lists peers or targets; none of them is where it reports to. */
const addressesMax = 4;
const valueMax = 512;
const credentialsMin = 4;
const emptyFile = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const publicKey = /\b(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3})[ \t]+(AAAA[0-9A-Za-z+/]{60,4000}={0,3})/g;
const address = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g;
const url = /\b(?:https?|ftps?|tftp):\/\/[^\s"'<>|;&`\\(){}]{4,500}/gi;
const busyboxToken = /\bbusybox[ \t]+([A-Za-z][A-Za-z0-9_]{3,15})(?![\w./-])/g;
const wallet = /\b[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}\b/g;
const botToken = /\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b/g;

/** What `busybox NAME` runs; any other name is only asked for to see what busybox says, and marks its bot. */
const applets = new Set(
  `arch base64 bunzip2 busybox cat chattr chmod chown chpasswd clear crond crontab dmesg echo egrep false fgrep find
   free ftpget ftpput grep gunzip gzip halt head hexdump hostname hostid hush ifconfig insmod iostat iptables kill killall killall5
   less link login logread losetup lsmod lsof md5sum mkdir mknod mktemp modprobe more mount netstat nohup nproc nslookup
   passwd pgrep pidof ping pkill poweroff printf pwdx readlink realpath reboot renice route sha1sum sha256sum sleep sort
   stat strings stty sync sysctl syslogd tail taskset telnet telnetd test tftp tftpd time timeout touch true udhcpc umount uname
   uniq uptime users usleep vconfig wget which whoami xargs zcat`.split(/\s+/),
);

/** Resolvers and what is asked "who am I": everybody's, so nobody's. */
const everybodys = new Set(['8.8.8.8', '8.8.4.4', '1.1.1.1', '1.0.0.1', '9.9.9.9', '114.114.114.114']);

/** The evidence in a text that was typed, or that would have run. A few µs; bounded whatever the text is. */
export function textEvidence(whole: string): Evidence[] {
  const text = whole.slice(0, charactersMax);
  const found: Evidence[] = [];
  if (text.includes('AAAA')) for (const [, blob = ''] of matches(text, publicKey)) found.push(evidence('key', blob));
  if (text.includes('://')) for (const [link = ''] of matches(text, url)) found.push(...linkEvidence(link));
  if (text.includes('busybox')) {
    for (const [, token = ''] of matches(text, busyboxToken)) {
      if (!applets.has(token.toLowerCase())) found.push(evidence('token', token));
    }
  }
  found.push(...addressEvidence(text));
  if (text.length >= 44) {
    for (const [secret = ''] of matches(text, wallet)) found.push(evidence('wallet', secret));
    for (const [secret = ''] of matches(text, botToken)) found.push(evidence('wallet', secret));
  }
  return [...new Map(found.map((item) => [item.id, item])).values()];
}

/** The evidence in one event, without what its text holds once it is decoded. */
export function eventEvidence({ detail, sourceIp }: SensorEvent): Evidence[] {
  switch (detail.kind) {
    case 'command':
    case 'input':
      return textEvidence(detail.input);
    case 'transfer':
      return [
        ...(detail.sha256 === undefined || detail.sha256 === emptyFile ? [] : [evidence('payload', detail.sha256)]),
        ...(detail.url === undefined ? [] : linkEvidence(detail.url)),
      ];
    case 'client':
      return detail.hassh === undefined ? [] : [evidence('client', detail.hassh)];
    case 'login':
      return detail.keyFingerprint === undefined ? [] : [evidence('login_key', detail.keyFingerprint)];
    case 'connect':
      return sourceIp === null ? [] : [evidence('address', sourceIp)];
    default:
      return [];
  }
}

/** A guessed list tells its tool when it is long enough, and together with the client's way of speaking. */
export function credentialEvidence(hassh: string | null, pairs: ReadonlySet<string>): Evidence[] {
  if (pairs.size < credentialsMin) return [];
  const digest = hash('sha256', [hassh ?? '', ...[...pairs].sort()].join('\n')).slice(0, 32);
  return [{ ...evidence('credentials', digest), value: `${pairs.size} pairs, ${digest.slice(0, 12)}` }];
}

function evidence(kind: EvidenceKind, whole: string): Evidence {
  const hex = hash('sha256', `${kind}\n${whole}`);
  return {
    id: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`,
    kind,
    value: whole.length > valueMax ? `${whole.slice(0, valueMax)}…` : whole,
  };
}

/** Port, user, query and fragment change from one visitor to the next; host and path are the place. */
function linkEvidence(link: string): Evidence[] {
  if (!URL.canParse(link)) return [];
  const { hostname, pathname, protocol } = new URL(link);
  const host = hostname.toLowerCase();
  if (host === '' || reservedNetworkName(host) !== null) return [];
  const place = pathname.length > 1 ? [evidence('url', `${protocol}//${host}${pathname}`)] : [];
  return [...place, evidence('host', host)];
}

function addressEvidence(text: string): Evidence[] {
  const hosts = new Set<string>();
  for (const [host = ''] of matches(text, address)) {
    if (host.split('.').every((part) => Number(part) < 256)) hosts.add(host);
  }
  if (hosts.size > addressesMax) return [];
  return [...hosts]
    .filter((host) => !everybodys.has(host) && reservedNetworkName(host) === null)
    .map((host) => evidence('host', host));
}

function* matches(text: string, pattern: RegExp): Generator<RegExpExecArray> {
  let count = 0;
  for (const match of text.matchAll(pattern)) {
    if (++count > perTextMax) return;
    yield match;
  }
}
