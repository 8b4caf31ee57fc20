import { expect, it } from 'vitest';
import { createPasswords, faultOfPassword } from './passwords.ts';

it('a password is known again whatever cost its hash was made with, and no other is', async () => {
  const hash = await createPasswords({ lnN: 4, p: 1 }).hash('Grüße aus dem Keller');
  const passwords = createPasswords({ lnN: 5, p: 1 });
  expect(await passwords.matches('Gru\u0308ße aus dem Keller', hash)).toBe(true);
  expect(await passwords.matches('grüße aus dem keller', hash)).toBe(false);
  expect(await passwords.matches('', null)).toBe(false);
  expect(await passwords.matches('x', 'no hash at all')).toBe(false);
});

it('the usual cost is the one that OWASP names', async () => {
  expect(await createPasswords().hash('x')).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
});

it('a flood of sign-ins is sent away instead of taking memory', async () => {
  const { hash } = createPasswords({ lnN: 10, p: 1 });
  const done = await Promise.allSettled(Array.from({ length: 20 }, () => hash('x')));
  const sentAway = done.filter((one) => one.status === 'rejected').map(({ reason }) => reason.code);
  expect(sentAway).toEqual(Array.from({ length: 16 }, () => 'RATE_LIMITED'));
});

it.each(['short', 'aaaaaaaaaaaaaaaa', 'ada.lovelace1', 'ADA.LOVELACE ada.lovelace'])(
  '%j is no password for ada.lovelace',
  (password) => {
    expect(faultOfPassword(password, 'ada.lovelace')).toBeDefined();
  },
);
