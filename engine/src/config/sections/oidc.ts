import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const oidc = z.strictObject({
  issuer: value.httpUrl.clone().nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_OIDC_ISSUER',
    help: 'An OpenID provider at which people sign in; CERBERUS_PUBLIC_URL must be the address they reach us under.',
    example: 'https://login.example.org/realms/main',
  }),
  clientId: value.text.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_OIDC_CLIENT_ID',
    help: 'Our name at the provider, whose redirect address is <public url>/api/sign-in/sso/callback.',
    example: 'cerberusmesh',
  }),
  clientSecret: value.secret.clone().nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_OIDC_CLIENT_SECRET',
    help: 'Our secret at the provider.',
    example: 'what-the-provider-gave',
    treat: 'secret',
  }),
  label: value.text.clone().default('single sign-on').register(settingNotes, {
    env: 'CERBERUS_OIDC_LABEL',
    help: 'What the button on the sign-in page says.',
    example: 'Example Inc.',
  }),
  roleClaim: value.text.clone().default('groups').register(settingNotes, {
    env: 'CERBERUS_OIDC_ROLE_CLAIM',
    help: 'The claim whose values make a role.',
    example: 'groups',
  }),
  admins: value.names.default([]).register(settingNotes, {
    env: 'CERBERUS_OIDC_ADMINS',
    help: 'Values of that claim that make an admin, separated by commas.',
    example: 'honeynet-admins',
  }),
  operators: value.names.clone().default([]).register(settingNotes, {
    env: 'CERBERUS_OIDC_OPERATORS',
    help: 'Values that make an operator.',
    example: 'soc',
  }),
  viewers: value.names.clone().default([]).register(settingNotes, {
    env: 'CERBERUS_OIDC_VIEWERS',
    help: 'Values that make a viewer; * is everybody whom the provider lets in.',
    example: '*',
  }),
});
