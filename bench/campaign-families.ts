/**
 * Well-known families by a mark that their scripts carry, in the order in which they are tried. Only labels to measure
 * against: nothing of this is used to fold.
 */
const marks: readonly (readonly [family: string, mark: RegExp])[] = [
  ['outlaw', /mdrfckr|\.var03522123|\/dota|cat \/proc\/cpuinfo \| grep name \| (wc|head)/],
  ['strix_miner', /STRIX1337/],
  ['nippon', /gweerwe|\.nippon/],
  ['chinaz', /SuSEfirewall2 stop|service iptables stop/],
  ['mirai_loader', /\/bin\/busybox [A-Z]{4,12}\b/],
  ['gafgyt_loader', /cd \/tmp \|\| cd \/var\/run \|\| cd \/mnt/],
  ['history_wiper', /^unset HISTORY HISTFILE HISTSAVE/],
  ['router_questions', /\/ip cloud print/],
  ['hidden_sshd', /\.\d{10,}\/sshd/],
  ['processor_census', /cpus=\$\( ?\(nproc/],
  ['uname_free_ps', /^uname\s*;?\s*free -m/],
  ['scp_dropper', /C0755 \d+ [a-z]{6}\b/],
];

/** Undefined where no mark tells. */
export function familyOf(typed: string): string | undefined {
  return marks.find(([, mark]) => mark.test(typed))?.[0];
}
