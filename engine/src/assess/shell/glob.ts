const starsMax = 3;

/** A shell pattern as a regular expression; null where it is too costly to ask. `whole` matches a text from end to end. */
export function globPattern(glob: string, flags: 'whole' | 'g' | ''): RegExp | null {
  if (glob.length > 64 || glob === '' || (glob.match(/\*/g)?.length ?? 0) > starsMax) return null;
  const source = glob.replace(/\[!?[\w-]{1,16}\]|[\s\S]/g, (piece) => {
    if (piece.length > 1) return piece.replace('[!', '[^');
    return piece === '*' ? '.*' : piece === '?' ? '.' : piece.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  try {
    return flags === 'whole' ? new RegExp(`^(?:${source})$`, 's') : new RegExp(source, `s${flags}`);
  } catch {
    // `[z-a]` is no range.
    return null;
  }
}

/**
 * What disguise is for: commands that fetch, run, read and destroy, likeliest first. A name that holds `?`, `*` or `[…]` is
 * the first of them that it could be, since the shell would look it up in a folder that holds them all.
 */
const disguised =
  'cat wget curl bash sh nc ncat python3 python perl php ruby busybox tftp ftpget chmod chown chattr rm dd base64 head tail less more tac grep sed awk find id whoami uname ls cp mv ssh scp ftp socat telnet crontab passwd chpasswd useradd usermod iptables kill pkill killall shred nohup sudo su env printf echo tee xxd openssl tar gzip gunzip ps ping dash ash zsh'.split(
    ' ',
  );

/** The program that a pattern such as `/bin/c?t` hides, of those that attackers hide; else the name as it is. */
export function unglobbed(name: string): string {
  if (!/[?*[]/.test(name) || name.length < 2) return name;
  const pattern = globPattern(name, 'whole');
  return disguised.find((candidate) => pattern?.test(candidate)) ?? name;
}
