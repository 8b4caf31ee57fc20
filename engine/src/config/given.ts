import { derive } from './derive.ts';
import { fromEnvironment } from './from-environment.ts';
import { fromIni } from './from-ini.ts';
import { type Given, type GivenValue, type Sources, usual } from './given-value.ts';
import { openSecrets } from './open-secrets.ts';
import { getSetting, settingPath } from './settings.ts';

/** Gathers the texts of all sources; relative paths are made absolute, secret files read and sealed values opened. */
export function collectGiven(sources: Sources): { given: Given; faults: string[] } {
  const faults: string[] = [];
  const given: Given = new Map();
  for (const value of [
    usual('state.dir', sources.stateDir),
    ...fromIni(sources, faults),
    ...fromEnvironment(sources, faults),
    ...fromFlags(sources),
  ]) {
    given.set(settingPath(value.setting), value);
  }
  openSecrets(given, faults);
  derive(given, faults);
  return { given, faults };
}

function fromFlags({ flags }: Sources): GivenValue[] {
  return [
    ...(flags.port === undefined ? [] : [{ setting: getSetting('http.port'), text: flags.port, origin: '--port' }]),
    ...(flags.debug ? [{ setting: getSetting('log.level'), text: 'debug', origin: '--debug' }] : []),
    ...(flags.dryRun ? [{ setting: getSetting('agent.dryRun'), text: 'true', origin: '--dry-run' }] : []),
  ];
}
