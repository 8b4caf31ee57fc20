/** PostgreSQL counts microseconds from 2000-01-01. */
const postgresEpochMs = 946_684_800_000n;

/**
 * Writes rows in PostgreSQL's binary COPY format into one growing buffer. Binary, because the server then parses no
 * numbers, times and ids, and because nothing that an attacker typed has to be escaped.
 */
export class CopyEncoder {
  private buffer: Buffer;
  private length = 0;

  constructor(initialBytes = 1 << 20) {
    this.buffer = Buffer.allocUnsafe(initialBytes);
    this.buffer.write('PGCOPY\n\xff\r\n\0', 'latin1');
    this.buffer.fill(0, 11, 19);
    this.length = 19;
  }

  row(fields: number): void {
    this.reserve(2);
    this.length = this.buffer.writeInt16BE(fields, this.length);
  }

  text(value: string | null | undefined): void {
    if (value === null || value === undefined) {
      this.absent();
      return;
    }
    const start = this.open(value.length * 3);
    this.length += this.buffer.write(value, this.length, 'utf8');
    this.close(start);
  }

  /** jsonb's binary form is a version byte and the text. */
  json(text: string | null): void {
    if (text === null) {
      this.absent();
      return;
    }
    const start = this.open(text.length * 3 + 1);
    this.buffer[this.length++] = 1;
    this.length += this.buffer.write(text, this.length, 'utf8');
    this.close(start);
  }

  uuid(value: string): void {
    this.reserve(20);
    this.length = this.buffer.writeInt32BE(16, this.length);
    this.length += this.buffer.write(value.replaceAll('-', ''), this.length, 'hex');
  }

  /** `microsecond` is the part below the millisecond. */
  timestamp(epochMs: number, microsecond: number): void {
    this.reserve(12);
    this.length = this.buffer.writeInt32BE(8, this.length);
    const microseconds = (BigInt(epochMs) - postgresEpochMs) * 1000n + BigInt(microsecond);
    this.length = this.buffer.writeBigInt64BE(microseconds, this.length);
  }

  integer(value: number | null): void {
    if (value === null) {
      this.absent();
      return;
    }
    this.reserve(8);
    this.length = this.buffer.writeInt32BE(4, this.length);
    this.length = this.buffer.writeInt32BE(value, this.length);
  }

  real(value: number | null): void {
    if (value === null) {
      this.absent();
      return;
    }
    this.reserve(8);
    this.length = this.buffer.writeInt32BE(4, this.length);
    this.length = this.buffer.writeFloatBE(value, this.length);
  }

  boolean(value: boolean): void {
    this.reserve(5);
    this.length = this.buffer.writeInt32BE(1, this.length);
    this.buffer[this.length++] = value ? 1 : 0;
  }

  bytes(value: Buffer | null): void {
    if (value === null) {
      this.absent();
      return;
    }
    const start = this.open(value.length);
    this.length += value.copy(this.buffer, this.length);
    this.close(start);
  }

  textArray(values: readonly string[] | null): void {
    if (values === null) {
      this.absent();
      return;
    }
    const start = this.open(20);
    const textOid = 25;
    for (const word of values.length === 0 ? [0, 0, textOid] : [1, 0, textOid, values.length, 1]) {
      this.length = this.buffer.writeInt32BE(word, this.length);
    }
    for (const value of values) this.text(value);
    this.close(start);
  }

  /** The finished COPY data; the encoder is used up. */
  finish(): Buffer {
    this.reserve(2);
    this.length = this.buffer.writeInt16BE(-1, this.length);
    return this.buffer.subarray(0, this.length);
  }

  private absent(): void {
    this.reserve(4);
    this.length = this.buffer.writeInt32BE(-1, this.length);
  }

  /** Leaves room for a field's length, which is known only once it is written. */
  private open(bytesMax: number): number {
    this.reserve(4 + bytesMax);
    const start = this.length;
    this.length += 4;
    return start;
  }

  private close(start: number): void {
    this.buffer.writeInt32BE(this.length - start - 4, start);
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}
