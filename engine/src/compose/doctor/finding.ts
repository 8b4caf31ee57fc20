import type { Finding } from '@cerberusmesh/contract/doctor';

export function sound(check: string, says: string): Finding {
  return { check, state: 'sound', says, fix: null };
}

export function off(check: string, says: string): Finding {
  return { check, state: 'off', says, fix: null };
}

export function fault(check: string, says: string, fix: string): Finding {
  return { check, state: 'fault', says, fix };
}
