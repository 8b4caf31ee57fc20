import { reasonOf } from '../kit/reason-of.ts';
import type { Given } from './given-value.ts';
import { isSealed, openSealed } from './seal.ts';
import type { Setting } from './settings.ts';

/** Opens the sealed values in place. One that does not open is a fault and is taken out. */
export function openSecrets(given: Given, faults: string[]): void {
  const masterKey = given.get('state.masterKey')?.text;
  for (const [path, value] of given) {
    if (!isSealed(value.text)) continue;
    const fault = whyClosed(value.setting, masterKey);
    if (fault === undefined && masterKey !== undefined) {
      try {
        given.set(path, {
          ...value,
          text: openSealed(value.text, value.setting.env, masterKey),
          origin: `${value.origin}, sealed`,
        });
        continue;
      } catch (error) {
        faults.push(`${value.origin}: ${reasonOf(error)}`);
      }
    } else {
      faults.push(`${value.origin}: ${fault}`);
    }
    given.delete(path);
  }
}

function whyClosed(setting: Setting, masterKey: string | undefined): string | undefined {
  if (setting.treat !== 'secret' || setting.environmentOnly)
    return 'this setting cannot be sealed; write its plain value';
  if (masterKey === undefined) {
    return 'the value is sealed and there is no master key; set CERBERUS_MASTER_KEY or CERBERUS_MASTER_KEY_FILE';
  }
  return undefined;
}
