import type { Stage } from './stage.ts';

/**
 * Whether words are of those by which something is fetched, decoded, wiped, made to run or to stay. Nothing is judged by it: where
 * more was typed than is read, it says what is read besides, so that a dropper behind hundreds of harmless commands is met by the
 * same rules and models as one that stands alone.
 */
export function isTelling(words: readonly string[]): boolean {
  return words.some((word) => tellTale.test(word.slice(0, charactersMax))) || removesFolders(words);
}

/** The same of a command with what it is fed and where it writes. */
export function isTellingStage(stage: Stage | undefined): boolean {
  if (stage === undefined) return false;
  const { words, redirects, heredoc } = stage;
  return isTelling(words) || isTelling(redirects.map(({ target }) => target)) || isTelling([heredoc ?? '']);
}

/** `rm` with its options as words of their own; within one text the list has it. */
function removesFolders([name, ...rest]: readonly string[]): boolean {
  return name === 'rm' && rest.some((word) => /^-(?:\w*r|-recursive)/i.test(word.slice(0, charactersMax)));
}

const charactersMax = 4_096;

const fetches = 'wget|curl|t?ftp|ftpget|lwp-[a-z]+|aria2c|axel|scp|sftp|rsync|nc|ncat|netcat|socat|telnet';
const decodes = 'base64|base32|xxd|uudecode|openssl|eval|python[\\d.]*|perl|php|ruby|gcc|insmod|modprobe';
const stays = 'chmod|chattr|crontab|useradd|adduser|usermod|chpasswd|passwd|ssh-keygen|systemctl|iptables|pkill|xmrig';
const breaks = 'dd|mkfs|shred|wipefs|reboot|poweroff|halt|shutdown|docker|kubectl';
const places =
  '/dev/(?:tcp|udp)/|[a-z]{2,6}://|authorized_keys|ld\\.so\\.preload|/etc/(?:shadow|cron|rc)|\\.bashrc|rm\\s+-\\w*r';

const tellTale = new RegExp(`(?:^|[^\\w.-])(?:${fetches}|${decodes}|${stays}|${breaks})(?:[^\\w-]|$)|${places}`, 'i');
