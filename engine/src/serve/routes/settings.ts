import { ErrorBody } from '@cerberusmesh/contract/api';
import { Settings, SettingsPatch } from '@cerberusmesh/contract/settings';
import { type Api, actorOf } from '../api.ts';

export interface ChangeableSettings {
  current(): Settings;
  /** Stores, audits and applies. */
  update(patch: SettingsPatch, actor: string): Promise<Settings>;
}

/** The first seed's POST /config: what may be changed without a restart. */
export function addSettingsRoutes(api: Api, settings: ChangeableSettings): void {
  api.get(
    '/config',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['config'],
        summary: 'The settings that hold now',
        response: { 200: Settings, default: ErrorBody },
      },
    },
    async () => settings.current(),
  );

  api.post(
    '/config',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['config'],
        summary: 'Change some settings; the answer is all of them as they hold from now on',
        body: SettingsPatch,
        response: { 200: Settings, default: ErrorBody },
      },
    },
    async ({ body, identity }) => await settings.update(body, actorOf(identity)),
  );
}
