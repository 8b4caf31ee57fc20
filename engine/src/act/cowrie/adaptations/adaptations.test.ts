import { BannerRole } from '@cerberusmesh/contract/insert-trap';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOverlay } from '../overlay.ts';
import { bannerText } from './banner-change.ts';
import { adaptations } from './registry.ts';
import { awsAccessKeyId, awsSecretAccessKey, password } from './secrets.ts';

const hostname = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);
const roles = BannerRole.options;

describe('banners', () => {
  it('have one size whatever they say, so that ls stays true', () => {
    fc.assert(
      fc.property(hostname, (name) => {
        const sizes = roles.map((role) =>
          Buffer.byteLength(bannerText(role, { hostname: name, user: 'x', domain: 'internal' })),
        );
        expect(new Set(sizes).size).toBe(1);
      }),
    );
  });

  it.each(roles)('%s is not cut for the longest name of the overlay', async (role) => {
    const { hostnames } = await readOverlay();
    for (const name of hostnames) {
      const lines = bannerText(role, { hostname: name, user: 'x', domain: 'internal' }).trimEnd().split('\n');
      expect(new Set(lines.map((line) => line.length)).size).toBe(1);
      expect(lines.slice(1, -1).every((line) => line.endsWith('  *') || line.endsWith('. *'))).toBe(true);
    }
  });
});

describe('planted secrets', () => {
  it('have the form and length of real ones, and never come twice', () => {
    const ids = Array.from({ length: 500 }, awsAccessKeyId);
    expect(ids.every((id) => /^AKIA[A-Z2-7]{16}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(500);
    expect(awsSecretAccessKey()).toMatch(/^[A-Za-z0-9+/]{40}$/);
    expect(password(14)).toMatch(/^[^\s'"$\\`]{14}$/);
  });
});

describe('every adaptation', () => {
  it.each(adaptations)('says what it does and needs, and takes nothing unknown: $name', (adaptation) => {
    expect(adaptation.does).toMatch(/^[A-Z].*\.$/);
    expect(adaptation.needs.length).toBeGreaterThan(0);
    expect(adaptation.parameters.safeParse({}).success).toBe(true);
    expect(adaptation.parameters.safeParse({ unknown: 1 }).success).toBe(false);
  });
});
