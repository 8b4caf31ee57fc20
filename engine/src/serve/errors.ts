import type { ErrorBody } from '@cerberusmesh/contract/api';
import { CerberusError, type ErrorCode, errorCatalogue } from '@cerberusmesh/contract/errors';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { ServeLog } from './api.ts';

type Details = NonNullable<ErrorBody['error']['details']>;

/** What Fastify and its plugins say, in the catalogue's words. */
const fastifyCodes = new Map<string, ErrorCode>([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'BODY_TOO_LARGE'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'UNSUPPORTED_MEDIA_TYPE'],
  ['FST_ERR_CTP_INVALID_JSON_BODY', 'VALIDATION_FAILED'],
  ['FST_ERR_CTP_EMPTY_JSON_BODY', 'VALIDATION_FAILED'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'VALIDATION_FAILED'],
  ['FST_ERR_BAD_URL', 'VALIDATION_FAILED'],
  ['FST_ERR_MAX_PARAM_LENGTH', 'NOT_FOUND'],
]);

/** Turns whatever was thrown into the one error shape. What is not the asker's fault is logged whole and told in one sentence. */
export function createErrorHandler(log: ServeLog) {
  return async function answerError(
    error: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    // Who leaves in the middle of his body reads no answer, and it is no fault of ours.
    const code = request.raw.errored ? 'VALIDATION_FAILED' : codeOf(error);
    const { status } = errorCatalogue[code];
    const where = { requestId: request.id, method: request.method, route: request.routeOptions.url ?? null };
    if (status >= 500) log.error({ err: error, code, ...where }, 'A request failed.');
    else log.debug({ code, ...where }, 'A request was refused.');
    return await reply.status(status).send(errorBody(code, request.id, detailsOf(error, code)));
  };
}

/** Every answer of 400 or more has this body. */
export function errorBody(code: ErrorCode, requestId: string, details: Details = []): ErrorBody {
  const { message } = errorCatalogue[code];
  return { error: { code, message, ...(details.length > 0 ? { details } : {}), request_id: requestId } };
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof CerberusError) return error.code;
  if (hasZodFastifySchemaValidationErrors(error)) return 'VALIDATION_FAILED';
  const { code, statusCode } = asFastifyError(error);
  const known = fastifyCodes.get(code ?? '');
  if (known !== undefined) return known;
  if (statusCode === 429) return 'RATE_LIMITED';
  return 'INTERNAL';
}

/** Only the asker's own mistakes are explained; what a 5xx knows of this house stays in the log. */
function detailsOf(error: unknown, code: ErrorCode): Details {
  if (errorCatalogue[code].status >= 500) return [];
  if (hasZodFastifySchemaValidationErrors(error)) {
    return error.validation.slice(0, 20).map(({ instancePath, message }) => ({
      path: `${error.validationContext}${instancePath.replaceAll('/', '.')}`,
      message: message ?? 'not valid',
    }));
  }
  if (error instanceof CerberusError) return [{ path: '', message: error.detail }];
  if (code === 'VALIDATION_FAILED' && error instanceof Error) return [{ path: 'body', message: error.message }];
  return [];
}

function asFastifyError(error: unknown): Partial<FastifyError> {
  return error instanceof Error ? error : {};
}
