import { CerberusError } from '@cerberusmesh/contract/errors';
import { SensorName } from '@cerberusmesh/contract/mesh';
import { Command, InvalidArgumentError } from 'commander';
import { openHubIdentity } from '../compose/mesh/hub-identity.ts';
import { findTrouble } from '../compose/mesh/sensor-trouble.ts';
import { withDatabase } from '../compose/open-for-command.ts';
import type { Config, ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { printable } from '../kit/printable.ts';
import { createMeshSensors, type MeshSensors } from '../store/mesh-sensors.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

const actor = 'command-line';

/** `cerberus sensors`: who may ship to this hub, and how they are. */
export function sensorsCommand(io: CommandIo): Command {
  const command = new Command('sensors').description('invite, list and revoke the sensors of this hub');

  addConfigOptions(command.command('invite'))
    .description('print what makes a sensor known here: good once, for a day')
    .argument('<name>', 'under which all that it ships is stored', parseName)
    .option('--hub <url>', 'the address under which sensors reach this hub')
    .action(async (name: string, options: ConfigFlags & { hub?: string }) => {
      const config = readCommandConfig(options);
      const { fingerprint } = await openHubIdentity(config.state.dir, systemClock.now());
      const secret = await using(config, io, (sensors) => sensors.invite(name, actor, systemClock.now()));
      const hub = options.hub ?? `https://${config.mesh.hubHost}:${config.mesh.hubPort ?? 7443}`;
      io.stdout.write(`cerberus sensor enrol ${hub} --token ${secret} --fingerprint ${fingerprint}\n`);
    });

  addConfigOptions(command.command('list'))
    .description('list the enrolled sensors, and what is wrong with them')
    .option('--json', 'one JSON object per line')
    .action(async (options: ConfigFlags & { json?: boolean }) => {
      const config = readCommandConfig(options);
      for (const sensor of await using(config, io, (sensors) => sensors.listWatched())) {
        const trouble = findTrouble(sensor, systemClock.now(), config.mesh);
        const { enrolledAt, lastSeen, lastStoredAt, heartbeat, clockSkewMs } = sensor;
        const seen = lastSeen === null ? 'never heard of' : `heard of ${lastSeen.toISOString()}`;
        io.stdout.write(
          options.json === true
            ? `${JSON.stringify({ sensor: sensor.sensor, enrolledAt, lastSeen, lastStoredAt, clockSkewMs, trouble: trouble ?? null, heartbeat })}\n`
            : `${sensor.sensor}  ${heartbeat?.version ?? '-'}  ${seen}  ${printable(trouble?.sentence ?? 'well')}\n`,
        );
      }
    });

  addConfigOptions(command.command('revoke'))
    .description('take nothing more from a sensor, at once; what it shipped stays')
    .argument('<name>')
    .action(async (name: string, options: ConfigFlags) => {
      const config = readCommandConfig(options);
      const isRevoked = await using(config, io, (sensors) => sensors.revoke(name, actor, systemClock.now()));
      if (!isRevoked) throw new CerberusError('NOT_FOUND', `No sensor of the mesh is called ${JSON.stringify(name)}.`);
      io.stdout.write(`Revoked: ${name}\n`);
    });
  return command;
}

async function using<T>(config: Config, io: CommandIo, work: (sensors: MeshSensors) => Promise<T>): Promise<T> {
  const options = { config, stderr: io.stderr, role: 'sensors' };
  return await withDatabase(options, (database) => work(createMeshSensors(database)));
}

function parseName(text: string): string {
  const name = SensorName.safeParse(text);
  if (name.success) return name.data;
  throw new InvalidArgumentError('Expected 1 to 63 of a-z 0-9 . _ -');
}
