import { programOf } from '../../persona/process-table.ts';
import { isStatic, unitPath, wantsFolder } from '../../persona/unit-files.ts';
import { type Call, fail, type Machine, type Programs, type Result, say } from '../program.ts';
import { processesOf } from './processes.ts';
import { textOf } from './world-text.ts';

/** systemd's services: those of the persona, and those that visitors leave to be there after the next start. */
export const systemctlPrograms: Programs = { systemctl };

function systemctl({ args, machine }: Call): Result {
  const [verb = 'list-units', ...names] = args.filter((arg) => !arg.startsWith('-'));
  if (verb === 'daemon-reload')
    return machine.actor.uid === 0 ? {} : fail('Failed to reload daemon: Interactive authentication required.\n');
  if (/^list-/.test(verb) || names.length === 0) return list(machine);
  const said = names.map((name) => onUnit(machine, verb, unitOf(machine, name), args.includes('--now')));
  return {
    stdout: said.map(({ stdout = '' }) => stdout).join(''),
    stderr: said.map(({ stderr = '' }) => stderr).join(''),
    exitCode: said.find(({ exitCode = 0 }) => exitCode !== 0)?.exitCode ?? 0,
  };
}

interface Unit {
  readonly name: string;
  /** Where its file lies; undefined where there is none such. */
  readonly path: string | undefined;
  readonly isPersonas: boolean;
}

function unitOf({ world, persona }: Machine, given: string): Unit {
  const short = given.replace(/^.*\//, '').replace(/\.service$/, '');
  const name = short === 'sshd' ? 'ssh' : short;
  const full = /\.\w+$/.test(name) ? name : `${name}.service`;
  const isPersonas = persona.services.some((each) => each.name === name);
  const path = ['/etc/systemd/system', '/run/systemd/system', '/lib/systemd/system']
    .map((folder) => `${folder}/${full}`)
    .find((each) => world.find(each) !== undefined);
  return { name: full, path: path ?? (isPersonas ? unitPath(name) : undefined), isPersonas };
}

function onUnit(machine: Machine, verb: string, unit: Unit, isNow: boolean): Result {
  const { name, path } = unit;
  switch (verb) {
    case 'is-active':
      return isRunning(machine, unit) ? say('active\n') : { stdout: 'inactive\n', exitCode: 3 };
    case 'is-enabled':
      if (path === undefined) return fail(`Failed to get unit file state for ${name}: No such file or directory\n`);
      return { stdout: `${stateOf(machine, unit)}\n`, exitCode: stateOf(machine, unit) === 'disabled' ? 1 : 0 };
    case 'cat':
      if (path === undefined) return fail(`No files found for ${name}.\n`);
      return say(`# ${path}\n${textOf(machine, path)}`);
    case 'status':
      if (path === undefined) return fail(`Unit ${name} could not be found.\n`, 4);
      return unit.isPersonas ? say(statusText(machine, name.replace(/\.service$/, ''))) : ownStatus(machine, unit);
  }
  if (machine.actor.uid !== 0)
    return fail(
      `Failed to ${verb} ${name}: Interactive authentication required.\nSee system logs and 'systemctl status ${name}' for details.\n`,
    );
  if (path === undefined)
    return /^(?:en|dis)able$/.test(verb)
      ? fail(`Failed to ${verb} unit: Unit file ${name} does not exist.\n`)
      : fail(`Failed to ${verb} ${name}: Unit ${name} ${verb === 'stop' ? 'not loaded' : 'not found'}.\n`, 5);
  if (/^(?:re)?start$|^reload-or-restart$/.test(verb) || (verb === 'enable' && isNow)) run(machine, unit, true);
  if (verb === 'stop' || (verb === 'disable' && isNow)) run(machine, unit, false);
  return /^(?:en|dis)able$/.test(verb) ? link(machine, unit, path, verb) : {};
}

/** What systemd keeps of a unit that runs; one of the persona's runs from the start. */
const runningFolder = '/run/systemd/units';

function run({ world, actor }: Machine, { name, isPersonas }: Unit, isStarted: boolean): void {
  const place = `${runningFolder}/invocation:${name}`;
  if (isPersonas || (world.lookAt(place) !== undefined) === isStarted) return;
  if (!isStarted) world.remove(place, actor);
  else {
    for (const folder of ['/run/systemd', runningFolder])
      if (!world.find(folder)) world.makeFolder(folder, actor, 0o755);
    world.makeLink(place, globalThis.crypto.randomUUID().replaceAll('-', ''), actor);
  }
}

function isRunning({ world }: Machine, { name, isPersonas }: Unit): boolean {
  return isPersonas || world.lookAt(`${runningFolder}/invocation:${name}`) !== undefined;
}

/** Whether the system starts with it. */
function stateOf({ world }: Machine, { name, isPersonas }: Unit): 'static' | 'enabled' | 'disabled' {
  if (isPersonas && isStatic(name.replace(/\.service$/, ''))) return 'static';
  return world.lookAt(`${wantsFolder}/${name}`) === undefined ? 'disabled' : 'enabled';
}

/** What `enable` and `disable` leave: the unit among those that the system starts with. */
function link(machine: Machine, unit: Unit, path: string, verb: string): Result {
  const [{ world, actor }, { name }] = [machine, unit];
  if (stateOf(machine, unit) === 'static') return {};
  const place = `${wantsFolder}/${name}`;
  const isThere = world.lookAt(place) !== undefined;
  if (verb === 'enable' && !isThere) {
    world.makeLink(place, path, actor);
    return fail(`Created symlink ${place} → ${path}.\n`, 0);
  }
  if (verb !== 'disable' || !isThere) return {};
  world.remove(place, actor);
  return fail(`Removed "${place}".\n`, 0);
}

function list({ persona }: Machine): Result {
  const rows = persona.services.map(
    ({ name, description }) => `  ${`${name}.service`.padEnd(29)} loaded active running ${description}\n`,
  );
  return say(
    `  UNIT${' '.repeat(26)}LOAD   ACTIVE SUB     DESCRIPTION\n${rows.join('')}\n${rows.length} loaded units listed.\n`,
  );
}

function ownStatus(machine: Machine, unit: Unit): Result {
  const description = /^Description=(.*)$/m.exec(textOf(machine, unit.path ?? ''))?.[1] ?? unit.name;
  const state = `Loaded: loaded (${unit.path ?? ''}; ${stateOf(machine, unit)}; preset: enabled)`;
  return isRunning(machine, unit)
    ? say(`● ${unit.name} - ${description}\n     ${state}\n     Active: active (running)\n`)
    : { stdout: `○ ${unit.name} - ${description}\n     ${state}\n     Active: inactive (dead)\n`, exitCode: 3 };
}

/** What is told of a service that the persona runs. */
export function statusText(machine: Machine, name: string): string {
  const service = machine.persona.services.find((each) => each.name === name);
  const pid = processesOf(machine).find(({ command }) => command === service?.command)?.pid ?? 1;
  const since = new Date(machine.persona.bootedAtMs + 8_000).toUTCString().slice(0, 3);
  const clock = new Date(machine.persona.bootedAtMs + 8_000).toISOString().replace('T', ' ').slice(0, 19);
  const enabled = stateOf(machine, unitOf(machine, name));
  const state = enabled === 'static' ? enabled : `${enabled}; vendor preset: enabled`;
  const days = Math.floor((machine.now() - machine.persona.bootedAtMs) / 86_400_000);
  return `● ${name}.service - ${service?.description ?? name}\n     Loaded: loaded (${unitPath(name)}; ${state})\n     Active: active (running) since ${since} ${clock} UTC; ${days} days ago\n   Main PID: ${pid} (${programOf(service?.command ?? name)})\n      Tasks: 1 (limit: ${Math.floor(machine.persona.memoryKb / 860)})\n     Memory: ${((service?.memoryKb ?? 4096) / 1024).toFixed(1)}M\n     CGroup: /system.slice/${name}.service\n             └─${pid} "${service?.command ?? name}"\n`;
}
