import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unknownOrigin } from '@cerberusmesh/contract/origin';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asnTableOf, decodeAsnColumns, encodeAsnColumns } from './asn-table.ts';
import { parseIpAddress } from './ip-address.ts';
import { loadOrigins } from './load-origins.ts';
import { createNetworkNames } from './networks.ts';

const policyFolder = join(import.meta.dirname, '../../../../policy');

describe('origins, from the data that the packages bring', () => {
  let cacheDir: string;
  beforeAll(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), 'cerberus-origins-'));
  });
  afterAll(() => rm(cacheDir, { recursive: true }));

  it('tell country and autonomous system of both families, and the same from the kept table, even a cut one', async () => {
    const asked = ['8.8.8.8', '::ffff:8.8.8.8', '2001:4860:4860::8888'];
    const first = (await open())('8.8.8.8');
    expect(first).toMatchObject({ country: 'US', asn: 15169, asName: 'Google LLC', network: null, scanner: null });
    const [table = ''] = await readdir(cacheDir);
    for (const bytes of [undefined, 1_000_001]) {
      if (bytes !== undefined) await truncate(join(cacheDir, table), bytes);
      const locate = await open();
      expect(asked.map(locate)).toEqual([first, first, { ...first, country: expect.any(String) }]);
    }
    expect(await readdir(cacheDir)).toEqual([table]);
  }, 60_000);

  it('name own networks before reserved ones, and research scanners', async () => {
    const locate = await open();
    expect(locate('10.1.2.3').network).toBe('office');
    expect(locate('192.168.1.1').network).toBe('private');
    expect(locate('::1').network).toBe('loopback');
    expect(locate('2001:db8::7').network).toBe('documentation');
    expect(locate('162.142.125.9')).toMatchObject({ scanner: 'Censys', network: null });
  });

  it('are in no country where the address is nobody’s on the internet, whoever registered its range', async () => {
    const locate = await open();
    for (const address of [
      '192.0.2.1',
      '198.51.100.7',
      '203.0.113.9',
      '10.9.9.9',
      '127.0.0.1',
      '2001:db8::7',
      'fe80::1',
    ]) {
      expect(locate(address), address).toMatchObject({ country: null, asn: null, network: expect.any(String) });
    }
  });

  it('know nothing of what is no address, whatever an attacker writes there', async () => {
    const locate = await open();
    const hostile = [
      '',
      '__proto__',
      '1.2.3',
      '1.2.3.256',
      '1.2.3.4.5',
      ':::',
      '1::2::3',
      'x'.repeat(100_000),
      '١.٢.٣.٤',
    ];
    expect(hostile.map(locate)).toEqual(hostile.map(() => unknownOrigin));
    fc.assert(fc.property(fc.string(), (text) => void locate(text)));
  });

  async function open() {
    return await loadOrigins({
      cacheDirs: ['/dev/null/not-a-folder', cacheDir],
      policyFolder,
      ownNetworks: [{ name: 'office', cidr: '10.1.0.0/16' }],
      cityDatabase: null,
    });
  }
});

it('an address is read as node reads it', () => {
  const familyOf = (text: string) => parseIpAddress(text)?.family;
  fc.assert(fc.property(fc.ipV4(), (text) => familyOf(text) === 'ipv4'));
  fc.assert(fc.property(fc.ipV6(), (text) => familyOf(text.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0')) === 'ipv6'));
  expect(parseIpAddress('255.255.255.255')).toEqual({ family: 'ipv4', value: 2 ** 32 - 1 });
  expect(parseIpAddress('2001:db8::1')).toEqual({ family: 'ipv6', upper: 0x20010db800000000n });
});

it('a range ends where it ends, and a gap belongs to nobody', () => {
  const columns = {
    ipv4Starts: Uint32Array.of(10, 30),
    ipv4Ends: Uint32Array.of(19, 39),
    ipv4Systems: Uint32Array.of(0, 1),
    ipv6Starts: BigUint64Array.of(5n),
    ipv6Ends: BigUint64Array.of(7n),
    ipv6Systems: Uint32Array.of(1),
    asns: Uint32Array.of(64500, 64501),
    nameStarts: Uint32Array.of(0, 4, 7),
    names: new TextEncoder().encode('AcmeÖx'),
  };
  const bytes = Uint8Array.from(encodeAsnColumns(columns)).buffer;
  const table = asnTableOf(decodeAsnColumns(bytes) ?? columns);
  const named = (value: number) => table.find({ family: 'ipv4', value })?.name;
  expect([9, 10, 19, 20, 29, 30, 39, 40].map(named)).toEqual([
    ...[undefined, 'Acme', 'Acme', undefined, undefined, 'Öx', 'Öx', undefined],
  ]);
  expect([4n, 5n, 7n, 8n].map((upper) => table.find({ family: 'ipv6', upper })?.asn)).toEqual([
    ...[undefined, 64501, 64501, undefined],
  ]);
  expect(decodeAsnColumns(bytes.slice(0, -1))).toBeUndefined();
});

it('names the first network that holds an address', () => {
  const nameOf = createNetworkNames([
    { name: 'lab', cidr: '198.51.100.128/25' },
    { name: 'office', cidr: '198.51.100.0/24' },
  ]);
  expect(['198.51.100.127', '198.51.100.128', '198.51.101.0'].map(nameOf)).toEqual(['office', 'lab', null]);
});
