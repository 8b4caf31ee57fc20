import type { Readable } from 'node:stream';
import { ErrorBody, queryText } from '@cerberusmesh/contract/api';
import {
  ArtifactHash,
  ArtifactList,
  type ArtifactRecord,
  ArtifactSessionQuery,
  archivePassword,
} from '@cerberusmesh/contract/api-artifacts';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import { type Api, actorOf } from '../api.ts';
import type { Audit } from '../deps.ts';

export interface Artifacts {
  /** Of a session, oldest first; undefined where there is no such session. */
  list(sessionId: string, sensor: string | undefined): Promise<ArtifactRecord[] | undefined>;
  /** As asciicast v2; undefined where there is none. @throws CerberusError BAD_SECRET */
  openRecording(sessionId: string, sensor: string | undefined): Promise<Readable | undefined>;
  /** A locked zip; undefined where the content is not kept. @throws CerberusError BAD_SECRET */
  openArchive(sha256: string): Promise<Buffer | undefined>;
}

const Session = z.object({ id: queryText(255).describe('The id of the row, or the session id of the honeypot') });
const tags = ['artifacts'];

/** What sessions left: shown as text where it is a recording, handed out only locked where it is a file. */
export function addArtifactRoutes(api: Api, artifacts: Artifacts, audit: Audit): void {
  api.get(
    '/api/sessions/:id/artifacts',
    {
      config: { access: 'viewer' },
      schema: {
        ...{ tags, summary: 'Recordings and files of a session, oldest first; at most 200' },
        ...{ params: Session, querystring: ArtifactSessionQuery },
        response: { 200: ArtifactList, default: ErrorBody },
      },
    },
    async ({ params, query }) => {
      const data = await artifacts.list(params.id, query.sensor);
      if (data === undefined) throw new CerberusError('NOT_FOUND', 'There is no such session.');
      return { data, next_cursor: null };
    },
  );

  api.get(
    '/api/sessions/:id/recording',
    {
      config: { access: 'viewer' },
      schema: {
        ...{ tags, summary: 'What the visitor saw and typed, as asciicast v2; its channels one after the other' },
        ...{ params: Session, querystring: ArtifactSessionQuery },
        response: { 200: z.unknown(), default: ErrorBody },
      },
    },
    async ({ params, query }, reply) => {
      const cast = await artifacts.openRecording(params.id, query.sensor);
      if (cast === undefined) throw new CerberusError('NOT_FOUND', 'There is no recording of this session.');
      return await reply.type('application/x-asciicast').send(cast);
    },
  );

  api.get(
    '/api/artifacts/:sha256/archive',
    {
      config: { access: 'operator' },
      schema: {
        ...{ tags, summary: `The content in a zip under AES-256; its password is "${archivePassword}"` },
        params: ArtifactHash,
        response: { 200: z.unknown(), default: ErrorBody },
      },
    },
    async ({ params: { sha256 }, identity }, reply) => {
      const archive = await artifacts.openArchive(sha256);
      if (archive === undefined) throw new CerberusError('NOT_FOUND', 'There is no such artifact, or it made room.');
      await audit({ actor: actorOf(identity), action: 'artifact.download', subject: sha256, details: {} });
      return await reply
        .type('application/zip')
        .header('content-disposition', `attachment; filename="${sha256}.zip"`)
        .send(archive);
    },
  );
}
