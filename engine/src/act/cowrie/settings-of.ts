import type { Setting } from './config-file.ts';
import { honeyfsFolder, overlayFolder, type Persona, pluginSocketPath } from './manifest.ts';
import type { PersonaDescription } from './persona/description.ts';

/** What Cowrie is told. Paths are relative to its working folder, so that they hold inside a container too. */
export function settingsOf(told: {
  readonly persona: Persona;
  readonly plugin: boolean;
  readonly machine: PersonaDescription | undefined;
  /** Of the persona's own files, below the overlay folder: empty, or ending in a slash. */
  readonly place: string;
}): readonly Setting[] {
  const { persona, plugin, machine, place } = told;
  return [
    { section: 'honeypot', key: 'hostname', value: persona.hostname },
    { section: 'honeypot', key: 'txtcmds_path', value: `${overlayFolder}/${place}txtcmds` },
    { section: 'shell', key: 'filesystem', value: `${overlayFolder}/${place}fs.pickle` },
    ...(machine ? machineSettings(machine) : []),
    ...ownSettings(plugin),
  ];
}

/** The same in every persona. */
export function ownSettings(plugin: boolean): readonly Setting[] {
  return [
    { section: 'honeypot', key: 'contents_path', value: honeyfsFolder },
    // Cowrie cuts a session after these seconds even while its visitor types; 300 and 180 are its own values.
    { section: 'honeypot', key: 'interactive_timeout', value: '3600' },
    { section: 'honeypot', key: 'idle_timeout', value: '1800' },
    { section: 'honeypot', key: 'logtype', value: 'rotating' },
    { section: 'output_jsonlog', key: 'enabled', value: 'true' },
    // Where the host's zone is not UTC, Cowrie writes local time with a false Z; the epoch is always right.
    { section: 'output_jsonlog', key: 'epoch_timestamp', value: 'true' },
    ...(plugin
      ? [
          { section: 'output_cerberus', key: 'enabled', value: 'true' },
          { section: 'output_cerberus', key: 'socket', value: pluginSocketPath },
        ]
      : []),
  ];
}

function machineSettings({ ssh, kernel }: PersonaDescription): readonly Setting[] {
  return [
    { section: 'ssh', key: 'version', value: ssh.server },
    { section: 'shell', key: 'ssh_version', value: ssh.client },
    { section: 'shell', key: 'arch', value: 'linux-x64-lsb' },
    { section: 'shell', key: 'kernel_version', value: kernel.release },
    { section: 'shell', key: 'kernel_build_string', value: kernel.build },
    { section: 'shell', key: 'hardware_platform', value: 'x86_64' },
    { section: 'shell', key: 'operating_system', value: 'GNU/Linux' },
  ];
}
