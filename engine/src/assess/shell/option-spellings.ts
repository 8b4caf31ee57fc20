import type { Statement } from './statement.ts';

const argumentsMax = 24;

/**
 * The same options as they are mostly typed, where they are not: `--recursive --force` and `-r -f` are `-rf`. Rules and
 * models know the short forms, and an intruder who spells them out must not be read as somebody else. Empty for nearly all
 * statements; what was typed stays what it is.
 */
export function otherSpellings({ name, args }: Pick<Statement, 'name' | 'args'>): readonly string[] {
  const letters = shortForms.get(name);
  if (letters === undefined || !args.some((arg) => unusual.test(arg))) return none;
  const spelled: string[] = [];
  let cluster = '';
  for (const arg of args.slice(0, argumentsMax)) {
    if (arg === '--') break;
    const [, long, value] = /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(arg) ?? [];
    const letter = long === undefined ? /^-([a-zA-Z])$/.exec(arg)?.[1] : letterOf(letters, long);
    if (letter === undefined) continue;
    cluster += letter;
    if (long !== undefined) spelled.push(`-${letter}`);
    if (value !== undefined) spelled.push(value);
  }
  if (cluster.length > 1) spelled.push(`-${cluster}`);
  return spelled;
}

const none: readonly string[] = [];

/** A long option, or one letter by itself: only then is there another spelling. */
const unusual = /^-(?:-[a-z]|[a-zA-Z]$)/;

/** GNU's tools take the beginning of a long option for it, where only one begins so. */
function letterOf(letters: ReadonlyMap<string, string>, long: string): string | undefined {
  const whole = letters.get(long);
  if (whole !== undefined || long.length < 3) return whole;
  const begun = [...letters].filter(([name]) => name.startsWith(long));
  return begun.length === 1 ? begun[0]?.[1] : undefined;
}

/** `names: long=letter …`, of the tools that intruders call with options that say what they are about. */
const table = `
rm: recursive=r force=f interactive=i verbose=v dir=d
chmod chown chgrp: recursive=R verbose=v silent=f quiet=f changes=c
cp: recursive=r archive=a force=f parents=P verbose=v
mv: force=f no-clobber=n verbose=v
ln: symbolic=s force=f
mkdir: parents=p mode=m
shred: remove=u zero=z force=f iterations=n verbose=v
truncate: size=s
touch: reference=r date=d no-create=c
base64 base32: decode=d wrap=w
gzip gunzip bzip2 xz zstd: decompress=d uncompress=d stdout=c keep=k force=f
tar: extract=x get=x create=c list=t file=f gzip=z bzip2=j verbose=v directory=C
zip: encrypt=e password=P recurse-paths=r
gpg: symmetric=c encrypt=e decrypt=d recipient=r
wget: quiet=q output-document=O continue=c background=b directory-prefix=P input-file=i no-verbose=n tries=t timeout=T
curl: silent=s output=o remote-name=O insecure=k location=L fail=f data=d form=F upload-file=T proxy=x user-agent=A header=H request=X head=I user=u show-error=S
sed: in-place=i expression=e quiet=n silent=n
grep egrep fgrep: recursive=r ignore-case=i invert-match=v count=c line-number=n files-with-matches=l only-matching=o extended-regexp=E
uname: all=a kernel-name=s kernel-release=r machine=m nodename=n
hostname: all-ip-addresses=I ip-address=i fqdn=f
passwd: delete=d lock=l unlock=u status=S expire=e
chage: list=l expiredate=E inactive=I
useradd adduser: uid=u non-unique=o create-home=m shell=s groups=G gid=g password=p system=r home-dir=d
usermod: uid=u non-unique=o append=a groups=G lock=L unlock=U password=p shell=s expiredate=e
userdel: remove=r force=f
sudo: list=l user=u login=i shell=s background=b non-interactive=n stdin=S
su: command=c login=l shell=s
iptables ip6tables: flush=F append=A insert=I delete=D policy=P list=L delete-chain=X zero=Z jump=j table=t
dmesg: clear=C read-clear=c
date: set=s
ncat: exec=e sh-exec=c listen=l udp=u keep-open=k
killall pkill: signal=s exact=x full=f
strace: attach=p
script: command=c quiet=q
nohup setsid: fork=f
crontab: user=u
rsync: archive=a recursive=r compress=z rsh=e
`;

const shortForms: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  table
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [names = '', options = ''] = line.split(': ');
      const letters = new Map(options.split(' ').map((option) => [option.slice(0, -2), option.slice(-1)] as const));
      return names.split(' ').map((name) => [name, letters] as const);
    }),
);
