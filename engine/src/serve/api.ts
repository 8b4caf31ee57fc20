import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity, Role } from '@cerberusmesh/contract/api-tokens';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';

/** Who may ask: anybody, whoever is known by a token or a session, or one of these of at least this role. */
export type Access = 'open' | 'known' | Role;

/** A Fastify whose handlers get their types from the contract's schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route says it; the server refuses to start where one does not. */
    access?: Access;
  }
  interface FastifyInstance {
    readonly accessOfRoutes: ReadonlyMap<string, Access>;
  }
  interface FastifyRequest {
    /** Null until a token or a session was recognised. */
    identity: Identity | null;
  }
}

/** What stages may do with a log: the fields first, then a sentence. */
export interface ServeLog {
  debug(fields: object, sentence: string): void;
  info(fields: object, sentence: string): void;
  warn(fields: object, sentence: string): void;
  error(fields: object, sentence: string): void;
}

export interface ServeConfig {
  readonly host: string;
  readonly port: number;
  /** Origins whose pages may ask: `http://localhost:3001`. */
  readonly corsOrigins: readonly string[];
  /** Requests of one address without a valid token. */
  readonly rateLimitMax: number;
  readonly rateLimitWindowMinutes: number;
  /** Requests of one token in the same window. */
  readonly tokenRateLimitMax: number;
  /** Events that a list gives where no limit is asked for. */
  readonly eventsLimitDefault: number;
  /** Host names, beside the loopback ones, under which a server on loopback answers. */
  readonly allowedHosts: readonly string[];
}

export const defaultServeConfig: ServeConfig = {
  host: '127.0.0.1',
  port: 3000,
  corsOrigins: ['http://localhost:3001'],
  rateLimitMax: 100,
  rateLimitWindowMinutes: 15,
  tokenRateLimitMax: 6000,
  eventsLimitDefault: 100,
  allowedHosts: [],
};

/** For audit rows: `token:<name>` or `user:<name>`. */
export function actorOf(identity: Identity | null): string {
  return identity === null ? 'nobody' : `${identity.kind}:${identity.name}`;
}
