import type { Persona } from '@cerberusmesh/contract/persona';

export interface Release {
  readonly python: string;
  readonly perl: string;
  readonly openssl: string;
  /** Tools that are packages of their own, by the name that `--version` begins with. */
  readonly tools: Readonly<Record<string, string>>;
}

const tools = (
  grep: string,
  sed: string,
  tar: string,
  findutils: string,
  gzip: string,
  diffutils: string,
  gawk: string,
) => ({
  ...{ grep: `grep (GNU grep) ${grep}`, sed: `sed (GNU sed) ${sed}`, tar: `tar (GNU tar) ${tar}` },
  ...{ find: `find (GNU findutils) ${findutils}`, xargs: `xargs (GNU findutils) ${findutils}`, gzip: `gzip ${gzip}` },
  ...{ diff: `diff (GNU diffutils) ${diffutils}`, cmp: `cmp (GNU diffutils) ${diffutils}` },
  awk: gawk.startsWith('5.2')
    ? `GNU Awk ${gawk}, API 3.2, PMA Avon 8-g1, (GNU MPFR 4.2.0, GNU MP 6.2.1)`
    : `GNU Awk ${gawk}, API: 3.0 (GNU MPFR 4.1.0, GNU MP 6.2.1)`,
});

/** What each distribution ships; the versions are those of its packages. */
const releases: Readonly<Record<string, Release>> = {
  focal: {
    ...{ python: '3.8.10', perl: '5.30.0', openssl: 'OpenSSL 1.1.1f  31 Mar 2020' },
    tools: tools('3.4', '4.7', '1.30', '4.7.0', '1.10', '3.7', '5.0.1'),
  },
  jammy: {
    ...{ python: '3.10.12', perl: '5.34.0', openssl: 'OpenSSL 3.0.2 15 Mar 2022 (Library: OpenSSL 3.0.2 15 Mar 2022)' },
    tools: tools('3.7', '4.8', '1.34', '4.8.0', '1.10', '3.8', '5.1.0'),
  },
  bullseye: {
    ...{ python: '3.9.2', perl: '5.32.1', openssl: 'OpenSSL 1.1.1w  11 Sep 2023' },
    tools: tools('3.6', '4.7', '1.34', '4.8.0', '1.10', '3.7', '5.1.0'),
  },
  bookworm: {
    ...{ python: '3.11.2', perl: '5.36.0', openssl: 'OpenSSL 3.0.15 3 Sep 2024 (Library: OpenSSL 3.0.15 3 Sep 2024)' },
    tools: tools('3.8', '4.9', '1.34', '4.9.0', '1.12', '3.8', '5.2.1'),
  },
};
const newest = 'bookworm';

/** The versions of a release's programs; of one that we do not know, those of the newest. */
export function releaseOf({ os }: Persona): Release {
  const found = Object.hasOwn(releases, os.codename) ? releases[os.codename] : releases[newest];
  if (!found) throw new Error(`No release is known by ${newest}.`);
  return found;
}
