import type pg from 'pg';

/** One statement of a train. */
export interface Statement {
  /** Makes the server keep its plan; the text must then always be the same. */
  readonly name?: string;
  readonly text: string;
  /** As the wire has them: a buffer is PostgreSQL's binary form, a string its text form. */
  readonly values?: readonly (Buffer | string | null)[];
  /** What a `copy … from stdin` reads. */
  readonly rows?: Buffer;
}

/**
 * Sends statements one behind the other and waits once, for all of them: a live batch costs what its round trips cost,
 * and in a backfill the server need not wait for our event loop between two. After one that fails none is run; the
 * connection may go on with statements that have no name. Results are not read.
 */
export function sendTogether(client: pg.PoolClient, statements: readonly Statement[]): Promise<void> {
  return new Promise((resolve, reject) => void client.query(new Train(statements, resolve, reject)));
}

const copyData = 'd'.charCodeAt(0);
const copyDone = Buffer.from(['c'.charCodeAt(0), 0, 0, 0, 4]);

/**
 * What pg's client gives a connection to, and tells of each answer. Rows of a COPY follow it at once: a server that
 * refuses it skips everything up to the sync, as the protocol has it.
 */
class Train implements pg.Submittable {
  private readonly statements: readonly Statement[];
  private readonly resolve: () => void;
  private readonly reject: (error: Error) => void;
  private known: Record<string, string> = {};
  private isRefused = false;

  constructor(statements: readonly Statement[], resolve: () => void, reject: (error: Error) => void) {
    this.statements = statements;
    this.resolve = resolve;
    this.reject = reject;
  }

  submit(connection: pg.Connection): void {
    // `as`: pg's memory of what a connection has parsed; its types leave it out.
    this.known = (connection as pg.Connection & { parsedStatements: Record<string, string> }).parsedStatements;
    const parsed = new Set<string>();
    // One write to the socket instead of three for each statement.
    connection.stream.cork();
    for (const { name = '', text, values = [], rows } of this.statements) {
      if (this.known[name] !== text && !parsed.has(name)) connection.parse({ name, text, types: [] }, true);
      if (name !== '') parsed.add(name);
      connection.bind({ statement: name, values: [...values] }, true);
      connection.execute(null, true);
      if (rows !== undefined) writeCopy(connection, rows);
    }
    connection.sync();
    connection.stream.uncork();
  }

  handleError(error: Error): void {
    this.isRefused = true;
    this.reject(error);
  }

  handleReadyForQuery(): void {
    if (this.isRefused) return;
    for (const { name, text } of this.statements) if (name !== undefined) this.known[name] = text;
    this.resolve();
  }

  handleCopyInResponse(): void {}
  handleCommandComplete(): void {}
  handleDataRow(): void {}
}

function writeCopy({ stream }: pg.Connection, rows: Buffer): void {
  const header = Buffer.allocUnsafe(5);
  header[0] = copyData;
  header.writeUInt32BE(rows.length + 4, 1);
  stream.write(header);
  stream.write(rows);
  stream.write(copyDone);
}
