import type { LureKind } from '@cerberusmesh/contract/lure';

const names: Readonly<Record<LureKind, string>> = {
  aws_access_key: 'AWS access key',
  aws_secret_key: 'AWS secret key',
  password: 'password',
  username: 'user name',
  token: 'token',
  ssh_key: 'SSH key',
  host: 'host name',
  wallet: 'wallet',
};

const byKind: ReadonlyMap<string, string> = new Map(Object.entries(names));

/** What a planted secret is, in words; what is newer than this page by its own name. */
export function lureName(kind: string): string {
  return byKind.get(kind) ?? kind;
}
