/**
 * Every error that may leave the house: its HTTP status and its public sentence. `docs/errors.md` explains each one,
 * and a test fails when an entry is missing there.
 */
export const errorCatalogue = {
  VALIDATION_FAILED: { status: 400, message: 'The request does not have the expected form.' },
  BAD_CURSOR: { status: 400, message: 'The cursor is not one that this server gave.' },
  UNAUTHENTICATED: { status: 401, message: 'Sign in, or send a token: Authorization: Bearer <token>.' },
  FORBIDDEN: { status: 403, message: 'Who asks may not do that.' },
  SIGN_IN_FAILED: { status: 401, message: 'The name, the password or the code is wrong.' },
  FOREIGN_REQUEST: { status: 403, message: 'This request did not come from our own page.' },
  BAD_POLICY: { status: 422, message: 'The policy has faults.' },
  NOT_FOUND: { status: 404, message: 'There is nothing under this address or name.' },
  CONFLICT: { status: 409, message: 'The thing has changed since, or is in a state that does not allow this.' },
  BODY_TOO_LARGE: { status: 413, message: 'The body is larger than this server takes.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'Send JSON, or where lines are asked for NDJSON.' },
  WRONG_HOST: { status: 421, message: 'This server does not answer under that host name.' },
  RATE_LIMITED: { status: 429, message: 'Too many requests; wait as long as Retry-After says.' },
  INTERNAL: { status: 500, message: 'Something went wrong here; the log has the details under this request id.' },
  DATABASE_AWAY: { status: 503, message: 'The database does not answer; nothing is lost, try again.' },
  DATABASE_BUSY: {
    status: 503,
    message: 'The database is busy: no connection to it came free in time; nothing is lost, try again.',
  },
  SENDER_BUSY: { status: 503, message: 'More is being stored of the same sender; nothing is lost, try again.' },
  QUERY_TOO_SLOW: {
    status: 503,
    message: 'The database took too long for this question; narrow it (a shorter period, an address) and try again.',
  },
  /** Never sent over HTTP: the command line's errors. */
  BAD_CONFIGURATION: { status: 500, message: 'The configuration has faults.' },
  MIGRATION_FAILED: { status: 500, message: 'The database could not be brought to this version.' },
  ARCHIVE_FAILED: { status: 500, message: 'Events could not be archived; they are still in the database.' },
  SOURCE_UNREADABLE: { status: 500, message: 'A source cannot be read.' },
  COWRIE_NOT_PREPARED: { status: 409, message: 'This Cowrie was not prepared; run `cerberus prepare <cowrie dir>`.' },
  COWRIE_UNUSABLE: { status: 500, message: 'This folder does not hold a Cowrie that can be used.' },
  COWRIE_BUSY: { status: 409, message: 'This needs a restart of Cowrie, and there was no moment for one.' },
  COWRIE_PLUGIN: { status: 502, message: 'Our plugin in Cowrie did not do what it was asked.' },
  SENSOR_AWAY: { status: 503, message: 'The sensor does not answer.' },
  ORDER_FAILED: { status: 502, message: 'The sensor could not do what was ordered.' },
  HUB_REFUSED: { status: 502, message: 'The hub did not take what this sensor sent.' },
  DECOY_NOT_STARTED: { status: 500, message: 'The decoy could not be started.' },
  PROBE_FAILED: { status: 502, message: 'The probe could not see what an attacker would see.' },
  MODEL_UNUSABLE: { status: 500, message: 'The model file is missing, damaged or of another version.' },
  AUDIT_BROKEN: { status: 500, message: 'The audit log is not as it was written.' },
  TRAINING_REFUSED: { status: 422, message: 'There is too little to train on, or all of it is the same.' },
  UNSOUND: { status: 500, message: 'This installation is not sound.' },
  TARGET_REFUSED: { status: 403, message: 'This target may not be visited.' },
  SIMULATION_FAILED: { status: 500, message: 'The simulated attack did not go the whole way.' },
  BACKUP_REFUSED: { status: 409, message: 'No backup was made.' },
  BACKUP_DAMAGED: { status: 500, message: 'This backup is not as it was written.' },
  NOT_EMPTY: { status: 409, message: 'A backup is only put into an empty place.' },
  BAD_SECRET: { status: 500, message: 'A secret cannot be sealed or opened.' },
} as const satisfies Record<string, { status: number; message: string }>;

export type ErrorCode = keyof typeof errorCatalogue;

/**
 * An error with three texts: the catalogue's public sentence, a `detail` that is for the operator (what was expected,
 * what came, what to do), and the `cause`. Over HTTP the detail of a 5xx stays inside.
 */
export class CerberusError extends Error {
  override readonly name = 'CerberusError';
  readonly code: ErrorCode;
  readonly detail: string;

  constructor(code: ErrorCode, detail: string, cause?: unknown) {
    super(`${errorCatalogue[code].message} ${detail}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }
}
