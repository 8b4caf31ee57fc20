import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const launch = z.strictObject({
  driver: value.decoyDriver.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_LAUNCH_DRIVER',
    help: 'What launch_decoy uses where the policy names nothing: cowrie, container, ec2 or decoy. Without it none is launched.',
    example: 'cowrie',
  }),
  max: value.wholeNumber(0, 100).default(3).register(settingNotes, {
    env: 'CERBERUS_LAUNCH_MAX',
    help: 'So many launched decoys may stand at a time.',
    example: '3',
  }),
  host: value.text.default('127.0.0.1').register(settingNotes, {
    env: 'CERBERUS_LAUNCH_HOST',
    help: 'Address that launched decoys listen on; 0.0.0.0 shows them to everybody.',
    example: '127.0.0.1',
  }),
  ports: value.portRange.prefault('2300-2399').register(settingNotes, {
    env: 'CERBERUS_LAUNCH_PORTS',
    help: 'Ports that launched decoys may take.',
    example: '2300-2399',
  }),
  dir: value.path.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_LAUNCH_DIR',
    help: "Folder of launched decoys, which their own user must be able to enter; by default in the data folder, root's in /var/lib/cerberusmesh.",
    example: '/srv/decoys',
    treat: 'path',
  }),
  python: value.path.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_LAUNCH_PYTHON',
    help: 'The Python of a virtual environment in which Cowrie is installed, for the driver cowrie; every user must be able to run it where root starts this.',
    example: '/opt/cowrie-env/bin/python',
    treat: 'path',
  }),
  socket: value.path.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_LAUNCH_SOCKET',
    help: "The container engine's socket (Docker's or podman's), for the driver container.",
    example: '/var/run/docker.sock',
    treat: 'path',
  }),
  image: value.text.default('cowrie/cowrie:latest').register(settingNotes, {
    env: 'CERBERUS_LAUNCH_IMAGE',
    help: 'The image for the driver container; it must be there already, nothing is pulled.',
    example: 'cowrie/cowrie:latest',
  }),
  limitContainers: value.yesOrNo.default(true).register(settingNotes, {
    env: 'CERBERUS_LAUNCH_LIMITS',
    help: 'Limit memory (512 MB) and processes of containers; switch it off where the engine has no cgroups.',
    example: 'true',
  }),
  ami: value.text.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_LAUNCH_AMI',
    help: 'A Debian image of your region, for the driver ec2.',
    example: 'ami-0123456789abcdef0',
  }),
  instanceType: value.text.default('t3.micro').register(settingNotes, {
    env: 'CERBERUS_LAUNCH_INSTANCE_TYPE',
    help: 'The type of the machines of the driver ec2.',
    example: 't3.micro',
  }),
  subnet: value.text.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_LAUNCH_SUBNET',
    help: 'The subnet of the machines of the driver ec2; by default the one of your region.',
    example: 'subnet-0123456789abcdef0',
  }),
});
