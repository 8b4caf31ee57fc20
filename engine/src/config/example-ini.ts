import { ConfigSchema } from './schema.ts';
import { allSettings } from './settings.ts';

/** config.ini with every setting in it, each commented out, with what it does and what sets it besides. */
export function exampleIni(): string {
  const head = [
    '# Copy this to config.ini in the folder where CerberusMesh is started, or name the copy with --config or',
    '# CERBERUS_CONFIG, and remove the # before what you want to change. Defaults < this file < variables < flags.',
    '# An unknown section or key is refused.',
  ];
  const sections = Object.keys(ConfigSchema.shape).flatMap((section) => {
    const settings = allSettings.filter((setting) => setting.section === section && !setting.environmentOnly);
    return [
      '',
      `[${section}]`,
      ...settings.flatMap(({ help, env, treat, iniKey, example }) => [
        `# ${help}`,
        `# Variable: ${env}${treat === 'secret' ? ` or ${env}_FILE; sealed: cerberus secret seal ${env}` : ''}`,
        `#${iniKey} = ${example}`,
      ]),
    ];
  });
  return `${[...head, ...sections].join('\n')}\n`;
}
