import { expect, it } from 'vitest';
import { crypt, isCryptOf } from './crypt.ts';

// Said by OpenSSL 3.0: `openssl passwd -KIND -salt SALT SECRET`.
it.each([
  { kind: '1', salt: 'ab', secret: 'pw', hash: '$1$ab$b2XAKzcGJvTR.javvk3280' },
  { kind: 'apr1', salt: 'xxxxxxxx', secret: 'pw', hash: '$apr1$xxxxxxxx$chY.w2eF7dPHX8QwFFjk3/' },
  { kind: '5', salt: 'abc', secret: 'pw', hash: '$5$abc$/LKlXd6vuvdFX3oWbf2vGk3DgflzzsvOtMZsiOxqqY5' },
  {
    kind: '6',
    salt: 'ab',
    secret: 'pw',
    hash: '$6$ab$td.Yv18i64fuHSCSFfhcg9cvGN/q.1N72dPYEBvvVyQIQbX2mVX2dRrHRg.vLlqSchKS1d4urAkRbfv.vYLNE1',
  },
  {
    kind: '6',
    salt: '0123456789abcdef',
    secret: 'a longer secret of more than sixty-four signs, which is another way through it',
    hash: '$6$0123456789abcdef$6Igvwn.dBr1RLB1OVUtU8Q7AF1D336eFb/gVggWFc2BnpboaRm24Hl.hTHnct5eD8MnMPjaOgvreY1cQ1hh/n0',
  },
] as const)(
  'a hash of kind $kind with the salt $salt is the one that OpenSSL makes',
  ({ kind, salt, secret, hash }) => {
    expect(crypt(kind, secret, salt)).toBe(hash);
    expect(isCryptOf(hash, secret)).toBe(true);
    expect(isCryptOf(hash, `${secret}x`)).toBe(false);
  },
);

it('a hash that asks for rounds of its own is not worked on: its maker could ask for a thousand million', () => {
  expect(isCryptOf('$6$rounds=999999999$ab$x', 'pw')).toBeUndefined();
});
