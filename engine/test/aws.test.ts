import { randomUUID } from 'node:crypto';
import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecoyDriver, DecoyPlan } from '../src/act/launch-decoy/driver.ts';
import { createEc2Driver } from '../src/act/launch-decoy/ec2-driver.ts';
import { systemClock } from '../src/kit/clock.ts';
import { type Moto, startMoto } from './support/moto.ts';

const region = 'us-east-1';
const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
const signal = AbortSignal.timeout(120_000);
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
  }, 60_000);
});

function aDriver(installation: string, image: string | null = imageId): DecoyDriver {
  return createEc2Driver({
    ...{ region, credentials, endpoint: moto.url, imageId: image, instanceType: 't3.micro', subnetId: null },
    ...{ cowrieVersion: '3.1.4', installation, clock: systemClock },
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
