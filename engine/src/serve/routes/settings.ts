import { ErrorBody } from '@cerberusmesh/contract/api';
import { CerberusError } from '@cerberusmesh/contract/errors';
import {
  type SettingChange,
  SettingChanges,
  type SettingName,
  SettingParams,
  Settings,
  SettingsPatch,
} from '@cerberusmesh/contract/settings';
import { type Api, actorOf } from '../api.ts';

export interface ChangeableSettings {
  current(): Settings;
  /** Stores, audits and applies. */
  update(patch: SettingsPatch, actor: string): Promise<Settings>;
  changes(): Promise<SettingChange[]>;
  /** False where nothing was stored. */
  forget(name: SettingName, actor: string): Promise<boolean>;
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

  api.get(
    '/config/changes',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['config'],
        summary: 'What was changed while the engine ran, by whom, and what is configured',
        response: { 200: SettingChanges, default: ErrorBody },
      },
    },
    async () => ({ data: await settings.changes(), next_cursor: null }),
  );

  api.delete(
    '/config/:name',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['config'],
        summary:
          'Forget what was set, so that what is configured holds again; the answer is all settings as they hold then',
        params: SettingParams,
        response: { 200: Settings, default: ErrorBody },
      },
    },
    async ({ params: { name }, identity }) => {
      if (!(await settings.forget(name, actorOf(identity)))) {
        throw new CerberusError('NOT_FOUND', `${name} is as it was configured.`);
      }
      return settings.current();
    },
  );
}
