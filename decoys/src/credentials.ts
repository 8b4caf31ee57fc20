import type { Persona } from '@cerberusmesh/contract/persona';
import { accountsOf } from './persona/accounts.ts';

/** Whether a persona lets somebody in. A name with the password `*` takes any that is not refused. */
export function opens({ passwords }: Persona, user: string, password: string): boolean {
  const accepted = Object.hasOwn(passwords.accepted, user) ? passwords.accepted[user] : undefined;
  if (!accepted || password === '') return false;
  return accepted.includes(password) || (accepted.includes('*') && !passwords.refused.includes(password));
}

/** A key that the visitor himself left in his world opens the account it was left for. */
export function opensByKey(persona: Persona, user: string, key: string, read: (path: string) => string): boolean {
  const account = accountsOf(persona).find(({ name }) => name === user);
  if (!account) return false;
  return read(`${account.home}/.ssh/authorized_keys`)
    .split('\n')
    .some((line) => line.split(/\s+/).includes(key));
}
