import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import {
  CreateKeyPairCommand,
  DeleteKeyPairCommand,
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  ImportKeyPairCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { ActionRequest } from '@cerberusmesh/contract/action';
import type { ManagedKey } from '@cerberusmesh/contract/managed-key';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActions } from '../src/act/actions.ts';
import type { DecoyDriver, DecoyPlan } from '../src/act/launch-decoy/driver.ts';
import { createEc2Driver } from '../src/act/launch-decoy/ec2-driver.ts';
import { fingerprintOf, makeKeyPair, publicKeyOf } from '../src/act/rotate-key/key-pair.ts';
import { systemClock } from '../src/kit/clock.ts';
import { createActionStore } from '../src/store/actions.ts';
import { createManagedKeyStore } from '../src/store/managed-keys.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { dieAtWrite } from './support/kill-at-write.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { type RefusingAws, startRefusingAws } from './support/refusing-aws.ts';
import { createTestRotation, type TestRotationParts, testVault } from './support/test-rotation.ts';

const run = promisify(execFile);
const region = 'us-east-1';
const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
// Each test has its own deadline: one for all would abort the last ones where the machine is slow.
const signal = new AbortController().signal;
let moto: Moto;
let client: EC2Client;
let imageId: string;

beforeAll(async () => {
  moto = await startMoto();
  client = new EC2Client({ region, credentials, endpoint: moto.url });
  const { Images = [] } = await client.send(new DescribeImagesCommand({ Owners: ['amazon'] }));
  imageId = Images[0]?.ImageId ?? '';
}, 120_000);
afterAll(async () => {
  client.destroy();
  await moto.stop();
});

describe('a decoy at AWS', () => {
  it('is one machine however often it is asked for, tagged, behind port 22 alone, without a key or the old metadata', async () => {
    const driver = aDriver('install-1');
    expect(await driver.check()).toBeUndefined();
    const plan = aPlan();
    const place = await driver.up(plan, signal);
    expect(place).toMatchObject({ port: 22, logPath: null });
    expect(await driver.up(plan, signal)).toEqual(place);

    const [machine, ...others] = await livingMachines(plan.id);
    expect(others).toEqual([]);
    expect(machine).toMatchObject({
      ImageId: imageId,
      InstanceType: 't3.micro',
      MetadataOptions: { HttpTokens: 'required' },
    });
    expect(machine?.KeyName).toBeUndefined();
    expect(Object.fromEntries((machine?.Tags ?? []).map(({ Key, Value }) => [Key, Value]))).toEqual({
      'cerberusmesh:installation': 'install-1',
      'cerberusmesh:id': plan.id,
      'cerberusmesh:sensor': plan.sensor,
      Name: plan.sensor,
    });
    const asked = new DescribeInstanceAttributeCommand({
      InstanceId: machine?.InstanceId ?? '',
      Attribute: 'userData',
    });
    const { UserData } = await client.send(asked);
    const script = Buffer.from(UserData?.Value ?? '', 'base64').toString('utf8');
    expect(Buffer.byteLength(script)).toBeLessThan(16_384);
    expect(script).toContain(`'cm_token-of-${plan.sensor}'`);
    expect(script).toContain('/var/lib/cerberus-ship/state.json https://honeynet.example');
    await run('sh', ['-n', '-c', script]);

    const groups = await ownGroups('install-1');
    expect(groups).toHaveLength(1);
    expect(groups[0]?.IpPermissions).toMatchObject([{ FromPort: 22, ToPort: 22, IpProtocol: 'tcp' }]);
    expect(machine?.NetworkInterfaces?.[0]?.Groups).toMatchObject([{ GroupId: groups[0]?.GroupId }]);

    expect(await driver.list(signal)).toEqual([{ id: plan.id, sensor: plan.sensor }]);
    await driver.end(plan, signal);
    await driver.end(plan, signal);
    expect(await livingMachines(plan.id)).toEqual([]);
    await driver.remove(plan, signal);
    await driver.remove(plan, signal);
    expect(await ownGroups('install-1')).toEqual([]);
  }, 120_000);

  it('is not touched by another installation', async () => {
    const plan = aPlan();
    await aDriver('install-2').up(plan, signal);
    const other = aDriver('install-3');
    expect(await other.list(signal)).toEqual([]);
    await other.remove(plan, signal);
    expect(await livingMachines(plan.id)).toHaveLength(1);
    expect(await ownGroups('install-2')).toHaveLength(1);
    await aDriver('install-2').end(plan, signal);
  }, 120_000);

  it('is refused, with what to do, without an image or with one that is not there', async () => {
    expect(await aDriver('install-4', null).check()).toContain('CERBERUS_LAUNCH_AMI');
    expect(await aDriver('install-4', 'ami-00000000000000000').check()).toContain('ami-00000000000000000');
    const refusing = await startRefusingAws(moto.url);
    refusing.refuse('RunInstances');
    const why = await aDriver('install-4', imageId, refusing.url).check();
    await refusing.close();
    expect(why).toMatch(
      /would not let us start a machine.*UnauthorizedOperation|would not let us start a machine.*not authorized/,
    );
  }, 60_000);
});

describe('a key pair at AWS', () => {
  let database: TestDatabase;
  let aws: RefusingAws;
  beforeAll(async () => {
    [database, aws] = await Promise.all([createTestDatabase(), startRefusingAws(moto.url)]);
  });
  afterAll(async () => {
    await aws.close();
    await database.drop();
  });
  beforeEach(() => aws.refuse(null));

  it('is replaced by one whose private part AWS never sees, handed over before the old one goes', async () => {
    const { name, old } = await aKeyPair();
    const handed: { key: ManagedKey; privateKey: string; pairs: string[] }[] = [];
    const handOver = async (key: ManagedKey, privateKey: string) => {
      handed.push({ key, privateKey, pairs: await pairsNamed(name) });
    };
    expect(await rotate(name, { handOver })).toMatchObject([{ status: 'verified', error: null }]);
    const key = await createManagedKeyStore(database.pool).find(name);
    const [pair, ...others] = await pairsNamed(name);
    expect([key, others]).toMatchObject([{ kind: 'ec2', pairName: pair }, []]);
    expect(pair).toMatch(new RegExp(`^${name}-[0-9a-f]{8}$`));
    expect(publicKeyOf(handed[0]?.privateKey ?? '')).toEqual({ publicKey: key?.publicKey });
    expect(handed[0]?.pairs.toSorted()).toEqual([name, pair]);
    expect(key?.publicKey).not.toBe(old.publicKey);
    const { rows } = await database.pool.query('select plan::text || result::text as said from actions');
    expect(rows[0].said).not.toMatch(/PRIVATE KEY|b3BlbnNzaC1rZXktdjE/);
  }, 60_000);

  it('says which machines still take the old key', async () => {
    const { name } = await aKeyPair();
    const asked = new RunInstancesCommand({ ImageId: imageId, MinCount: 1, MaxCount: 1, KeyName: name });
    const { Instances = [] } = await client.send(asked);
    await rotate(name);
    const { rows } = await database.pool.query(`select result from actions where target = $1`, [`key ${name}`]);
    expect(rows[0].result.stillTakeTheOldKey).toEqual([Instances[0]?.InstanceId]);
  }, 60_000);

  it.each([
    { where: 'the new one is not allowed', refused: 'ImportKeyPair' },
    { where: 'the old one may not be deleted', refused: 'DeleteKeyPair', undoneLater: true },
    { where: 'machines may not be listed', refused: 'DescribeInstances' },
    {
      where: 'the program that takes new keys does not',
      refused: null,
      handOver: () => Promise.reject(new Error('full')),
    },
  ])(
    'is left as it was where $where',
    async ({ refused, undoneLater = false, handOver }) => {
      const { name, old } = await aKeyPair();
      aws.refuse(refused);
      const outcomes = await rotate(name, handOver ? { handOver } : {});
      expect(outcomes).toMatchObject([{ status: undoneLater ? 'undoing' : 'failed' }]);
      aws.refuse(null);
      // What could not be taken back is tried again.
      if (undoneLater) expect(await someActions(later).recover(signal)).toMatchObject([{ status: 'failed' }]);
      expect(await pairsNamed(name)).toEqual([name]);
      const key = await createManagedKeyStore(database.pool).find(name);
      expect(key).toMatchObject({ pairName: name, publicKey: old.publicKey, rotatedAt: null });
    },
    60_000,
  );

  it('is finished at the next start, wherever the process was killed', async () => {
    await Promise.all(
      // The plan, begun, new pair made, listed, old one deleted: before it was written down that it was made, and deleted.
      [3, 5].map(async (beforeWrite) => {
        const { name } = await aKeyPair();
        const setting = { on: 'keys' as const, awsUrl: moto.url };
        await dieAtWrite(database, { beforeWrite, request: aRequest(name), setting });
      }),
    );
    const outcomes = await someActions().recover(signal);
    expect(outcomes.map(({ status }) => status)).toEqual(['verified', 'verified']);
    for (const { target } of outcomes) {
      const name = target.replace('key ', '');
      const key = await createManagedKeyStore(database.pool).find(name);
      expect(key).toMatchObject({ pairName: (await pairsNamed(name)).join(' and ') });
    }
  }, 60_000);

  it('is refused where AWS has no pair of that name, or another key under it', async () => {
    const { name } = await aKeyPair();
    await client.send(new DeleteKeyPairCommand({ KeyName: name }));
    expect((await rotate(name))[0]?.error).toContain(`AWS has no key pair ${name}`);
    await client.send(new CreateKeyPairCommand({ KeyName: name }));
    expect((await rotate(name))[0]?.error).toContain('is another key than the one made known');
  }, 60_000);

  async function aKeyPair() {
    const old = makeKeyPair();
    const name = `pair-${randomUUID().slice(0, 13)}x`;
    await client.send(new ImportKeyPairCommand({ KeyName: name, PublicKeyMaterial: Buffer.from(old.publicKey) }));
    await createManagedKeyStore(database.pool).put({
      ...{ kind: 'ec2', name, region, pairName: name, restHours: 24, publicKey: old.publicKey },
      fingerprint: fingerprintOf(old.publicKey),
      sealedKey: await testVault.seal(name, old.privateKey),
    });
    return { name, old };
  }

  async function pairsNamed(name: string): Promise<string[]> {
    const { KeyPairs = [] } = await client.send(new DescribeKeyPairsCommand({}));
    return KeyPairs.flatMap(({ KeyName = '' }) => (KeyName.startsWith(name) ? [KeyName] : []));
  }

  async function rotate(name: string, parts: TestRotationParts = {}) {
    return await someActions(() => new Date(), parts).request(aRequest(name), signal);
  }

  function someActions(now = () => new Date(), parts: TestRotationParts = {}) {
    return createActions({
      ...{ store: createActionStore(database), clock: { ...systemClock, now }, dryRun: false },
      actions: [createTestRotation(database, { awsUrl: aws.url, ...parts })],
      approve: async () => ({ kind: 'granted', by: null }),
      ended: () => undefined,
    });
  }
});

function later(): Date {
  return new Date(Date.now() + 3_600_000);
}

function aRequest(key: string): ActionRequest {
  const about = { severity: 'HIGH' as const, sensor: null, sessionId: null, sourceIp: null };
  const cause = { causeId: randomUUID(), decisionId: null, requestedBy: 'test', reason: 'A test.', ...about };
  return { kind: 'rotate_key', parameters: { key }, lifetimeSeconds: null, cause };
}

function aDriver(installation: string, image: string | null = imageId, endpoint = moto.url): DecoyDriver {
  return createEc2Driver({
    ...{ region, credentials, endpoint, imageId: image, instanceType: 't3.micro', subnetId: null },
    ...{ cowrieVersion: '3.1.4', installation, clock: systemClock },
    ship: { url: 'https://honeynet.example', issueToken: async (sensor) => `cm_token-of-${sensor}` },
  });
}

function aPlan(): DecoyPlan {
  const id = randomUUID();
  return { driver: 'ec2', id, sensor: `decoy-${id.slice(0, 8)}`, hostname: 'web-01', port: 0 };
}

async function livingMachines(id: string) {
  const { Reservations = [] } = await client.send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: 'tag:cerberusmesh:id', Values: [id] },
        { Name: 'instance-state-name', Values: ['pending', 'running'] },
      ],
    }),
  );
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

async function ownGroups(installation: string) {
  const wanted = { Filters: [{ Name: 'tag:cerberusmesh:installation', Values: [installation] }] };
  return (await client.send(new DescribeSecurityGroupsCommand(wanted))).SecurityGroups ?? [];
}
