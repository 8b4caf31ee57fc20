import { randomUUID } from 'node:crypto';
import { mayActAs } from '@cerberusmesh/contract/api-tokens';
import { liveProtocol } from '@cerberusmesh/contract/live';
import cookie from '@fastify/cookie';
import websocket from '@fastify/websocket';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Api } from './api.ts';
import { demandAccessOfRoutes, installAuthentication, type TokenLookup } from './authentication.ts';
import { answerBrokenRequest } from './broken-request.ts';
import type { ServeDeps } from './deps.ts';
import { createErrorHandler, errorBody } from './errors.ts';
import { installEtags } from './etags.ts';
import { installHostGuard } from './host-guard.ts';
import { createLiveHub } from './live/hub.ts';
import { noteRefusals } from './refusals.ts';
import { addActionRoutes } from './routes/actions.ts';
import { addAnalysisRoutes } from './routes/analyses.ts';
import { addApprovalRoutes } from './routes/approvals.ts';
import { addArtifactRoutes } from './routes/artifacts.ts';
import { addAttackerDeskRoutes } from './routes/attacker-desk.ts';
import { addAttackerRoutes } from './routes/attackers.ts';
import { addAuditRoutes } from './routes/audit.ts';
import { addCampaignExportRoute } from './routes/campaign-export.ts';
import { addCampaignRoutes } from './routes/campaigns.ts';
import { addChannelRoutes } from './routes/channels.ts';
import { addDashboard } from './routes/dashboard.ts';
import { addDecisionRoutes } from './routes/decisions.ts';
import { addDetectabilityRoutes } from './routes/detectability.ts';
import { addDoctorRoute } from './routes/doctor.ts';
import { addEffectRoutes } from './routes/effect.ts';
import { addEventRoutes } from './routes/events.ts';
import { addExportRoute } from './routes/export.ts';
import { addFeedRoutes } from './routes/feeds.ts';
import { addHistoryRoute } from './routes/history.ts';
import { addIngestRoute } from './routes/ingest.ts';
import { addKeptFileRoutes } from './routes/kept-files.ts';
import { addLearningRoutes } from './routes/learning.ts';
import { addLiveRoutes } from './routes/live.ts';
import { addLureRoutes } from './routes/lures.ts';
import { addManagedKeyRoutes } from './routes/managed-keys.ts';
import { addMeRoutes } from './routes/me.ts';
import { addOpenApi } from './routes/openapi.ts';
import { addOperationRoutes } from './routes/operations.ts';
import { addPolicyRoutes } from './routes/policy.ts';
import { addRetentionRoute } from './routes/retention.ts';
import { addSearchRoutes } from './routes/searches.ts';
import { addSensorRoutes } from './routes/sensors.ts';
import { addSessionRoutes } from './routes/sessions.ts';
import { addSettingsRoutes } from './routes/settings.ts';
import { addSignInRoutes } from './routes/sign-in.ts';
import { addSourceRoutes } from './routes/sources.ts';
import { addStatsRoutes } from './routes/stats.ts';
import { addTechniqueRoutes } from './routes/techniques.ts';
import { addTokenRoutes } from './routes/tokens.ts';
import { addUserRoutes } from './routes/users.ts';
import { installShields } from './shields.ts';

const mebibyte = 1024 * 1024;
const heartbeatMs = 30_000;
const liveMessageBytesMax = 16 * 1024;

/** Builds the whole server; `listen` is the caller's. `close` ends the live connections too. */
export async function createServer(deps: ServeDeps): Promise<Api> {
  const api = Fastify({
    logger: false,
    bodyLimit: mebibyte,
    // A session id may have 255 characters, each of which may take twelve in an address; the default is 100.
    routerOptions: { maxParamLength: 255 * 12 },
    // A stranger's request id would be a stranger's text in our log.
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    requestTimeout: 30_000,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => {
      // No hook runs for these, so nobody else would end a connection that asked to become a WebSocket.
      if (request.headers.upgrade !== undefined) reply.raw.once('finish', () => request.raw.socket.destroySoon());
      void createErrorHandler(deps.log)(error, request, reply);
    },
  }).withTypeProvider<ZodTypeProvider>();
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(serializerCompiler);
  api.setErrorHandler(createErrorHandler(deps.log));
  // Only JSON: fewer parsers, and a form of a stranger's page cannot be sent here.
  api.removeContentTypeParser('text/plain');

  // First, because its hooks end the connections of the handshakes that ours refuse: measured, they stayed open forever.
  await installWebSockets(api);
  installHostGuard(api, deps.config);
  await api.register(cookie);
  const refused = noteRefusals(deps.audit, deps.clock);
  installAuthentication(api, { tokens: deps.tokens, jar: deps.who.jar, refused });
  await installShields(api, deps.config);
  installEtags(api);
  api.setNotFoundHandler({ preHandler: api.rateLimit() }, async (request, reply) => {
    return await reply.status(404).send(errorBody('NOT_FOUND', request.id));
  });
  demandAccessOfRoutes(api);
  await addOpenApi(api, deps.version);
  installLive(api, deps);
  addRoutes(api, deps);
  await addDashboard(api, deps.dashboardDir);
  await api.ready();
  return api;
}

function addRoutes(api: Api, deps: ServeDeps): void {
  const { queries } = deps;
  addEventRoutes(api, queries, deps.clock, deps.config.eventsLimitDefault);
  addExportRoute(api, queries, deps.clock);
  addSearchRoutes(api, deps.savedSearches);
  addSessionRoutes(api, queries, deps.clock);
  addArtifactRoutes(api, deps.artifacts, deps.audit);
  addAttackerRoutes(api, queries, deps.clock);
  addAttackerDeskRoutes(api, { queries, desk: deps.attackerDesk, attack: deps.attack });
  addStatsRoutes(api, queries, deps.clock);
  addTechniqueRoutes(api, queries, deps.attack);
  addHistoryRoute(api, queries, deps.attack, deps.clock);
  addCampaignRoutes(api, queries, deps.clock);
  addCampaignExportRoute(api, queries);
  addDecisionRoutes(api, queries, deps.rollback, deps.audit);
  addLureRoutes(api, queries);
  addKeptFileRoutes(api, queries);
  addActionRoutes(api, queries, deps.actions, deps.audit);
  addApprovalRoutes(api, queries, deps.oversight);
  addEffectRoutes(api, deps.reportEffect);
  addDetectabilityRoutes(api, deps.detectability);
  addPolicyRoutes(api, deps.policyDesk, deps.audit);
  addAuditRoutes(api, queries, deps.verifyAudit);
  addManagedKeyRoutes(api, deps.managedKeys, deps.audit);
  addAnalysisRoutes(api, queries);
  addChannelRoutes(api, queries, deps.channels, deps.audit);
  addFeedRoutes(api, deps.readBlocklist);
  addSensorRoutes(api, queries, deps.sensorDesk);
  addSourceRoutes(api, deps);
  addIngestRoute(api, deps.receiveLines);
  addOperationRoutes(api, deps);
  addSettingsRoutes(api, deps.settings);
  addRetentionRoute(api, deps.readRetention);
  addDoctorRoute(api, deps.examine);
  addLearningRoutes(api, deps.learning);
  addSignInRoutes(api, deps.who, deps.clock);
  addMeRoutes(api, deps.who);
  addUserRoutes(api, deps.who);
  addTokenRoutes(api, deps.who.tokens, deps.clock);
}

async function installWebSockets(api: Api): Promise<void> {
  await api.register(websocket, {
    options: {
      maxPayload: liveMessageBytesMax,
      // The other offered protocol may be a token: it is never sent back.
      handleProtocols: (offered) => (offered.has(liveProtocol) ? liveProtocol : false),
    },
  });
}

function installLive(api: Api, { bus, tokens, who, version, config, liveClients }: ServeDeps): void {
  const listeners = onlyViewers(tokens);
  const hub = createLiveHub({ bus, tokens: listeners, version, onClients: liveClients });
  addLiveRoutes(api, { hub, tokens: listeners, jar: who.jar, config });
  const heartbeat = setInterval(() => void hub.beat(), heartbeatMs);
  heartbeat.unref();
  api.addHook('onClose', async () => clearInterval(heartbeat));
}

/** The feed's address is open, so it asks for tokens itself; a sensor's may not listen, nor one that is confined to other parts. */
function onlyViewers({ verify, isValid }: TokenLookup): TokenLookup {
  return {
    isValid,
    async verify(secret) {
      const identity = await verify(secret);
      const may = identity && mayActAs(identity.role, 'viewer') && (identity.scopes?.includes('live') ?? true);
      return may ? identity : undefined;
    },
  };
}
