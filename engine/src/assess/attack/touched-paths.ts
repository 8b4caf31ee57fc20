import type { Statement } from '../shell/statement.ts';

/** Commands whose arguments are files that they change; for the two lists below the last argument is the target. */
const writers =
  /^(?:tee|touch|truncate|shred|rm|rmdir|unlink|mkdir|vi|vim|nano|ed|emacs|chattr|chmod|chown|chgrp|visudo|setfacl|mkfifo|wipe|srm)$/;
const movers = /^(?:cp|mv|ln|install|rsync|scp)$/;
const readers =
  /^(?:cat|tac|nl|head|tail|less|more|most|bat|view|grep|egrep|fgrep|zgrep|rg|ag|awk|gawk|sed|cut|sort|uniq|strings|xxd|od|hexdump|hd|base64|base32|diff|cp|mv|scp|rsync|tar|zip|7z|gzip|dd|find|ls|stat|file|wc|source|\.|openssl|gpg|john|hashcat|ssh-keygen|curl|xz|bzip2|rev|fold|paste|unshadow|dos2unix|getfacl|md5sum|sha1sum|sha256sum|jq|python3?|perl|nc|ncat|mysql|vi|vim|nano|ed|lsattr|readlink|locate|while|if|test|\[|test|debugfs|read)$/;

/** Paths that a statement changes, as written. `2>&1` names no file, `>& /dev/tcp/…` does. */
export function writtenPaths({ name, args, redirects }: Statement): string[] {
  const paths = redirects
    .filter(({ operator, target }) => operator.includes('>') && !/^(?:\d+|-)$/.test(target))
    .map(({ target }) => target);
  const plain = args.filter((arg) => !arg.startsWith('-'));
  if (writers.test(name)) paths.push(...plain);
  else if (movers.test(name)) {
    const target = plain.at(-1);
    if (target !== undefined) paths.push(target);
  } else if (name === 'dd') for (const arg of args) if (arg.startsWith('of=')) paths.push(arg.slice(3));
  if ((name === 'sed' || name === 'perl') && args.some((arg) => /^-[a-zA-Z]*i|^--in-place/.test(arg)))
    paths.push(...plain);
  if (/^(?:curl|wget|gcc|cc|ssh-keygen|openssl)$/.test(name))
    for (const [at, arg] of args.entries()) if (/^-(?:o|O|f|out|-output)$/.test(arg)) paths.push(args[at + 1] ?? '');
  return paths;
}

/** Paths that a statement reads, as written; arguments that are no paths may be among them. */
export function readPaths({ name, args, redirects }: Statement): string[] {
  const paths = redirects.filter(({ operator }) => operator.includes('<')).map(({ target }) => target);
  if (!readers.test(name)) return paths;
  const plain = args.filter((arg) => !arg.startsWith('-') || arg.includes('@'));
  if (name === 'dd') return [...paths, ...plain.filter((arg) => arg.startsWith('if=')).map((arg) => arg.slice(3))];
  // The last argument of these is where they write to.
  return [...paths, ...(movers.test(name) && plain.length > 1 ? plain.slice(0, -1) : plain)];
}

/** Text that a statement writes somewhere or works on, where it is known without running it. */
export function knownContent({ name, args, stdin, redirects }: Statement): string {
  const written = (name === 'echo' || name === 'printf') && redirects.length > 0 ? args.join(' ') : '';
  return stdin === null ? written : `${written}\n${stdin}`;
}
