import type { Finding } from '@cerberusmesh/contract/doctor';

/** The check found all as it should be. */
export function sound(check: string, says: string): Finding {
  return { check, state: 'sound', says, fix: null };
}

/** What would be checked is not in use, which is no fault. */
export function off(check: string, says: string): Finding {
  return { check, state: 'off', says, fix: null };
}

/** Something does not work; `fix` says what to do. */
export function fault(check: string, says: string, fix: string): Finding {
  return { check, state: 'fault', says, fix };
}
