import { createMicrosecondReader } from '../kit/microsecond-reader.ts';

/** PostgreSQL counts microseconds from 2000-01-01. */
const postgresEpochMs = 946_684_800_000;
const wordRange = 2 ** 32;
const shortCharacters = 40;
const dash = 0x2d;
/** Times of a batch come in their order. */
const readMicroseconds = createMicrosecondReader();
/** What a character of a lower-case hex text stands for. */
const hexValues = Uint8Array.from({ length: 128 }, (_, code) =>
  Math.max(0, '0123456789abcdef'.indexOf(String.fromCharCode(code))),
);

/** Element types of the arrays that we send, by PostgreSQL's own numbers. */
export const typeOid = {
  boolean: 16,
  bytes: 17,
  jsonText: 114,
  bigint: 20,
  integer: 23,
  text: 25,
  real: 700,
  timestamp: 1184,
  uuid: 2950,
  json: 3802,
};

/**
 * Values in PostgreSQL's binary form, each after its length, in one growing buffer. Binary, because the server then
 * parses no numbers, times and ids, and because nothing that an attacker typed has to be escaped.
 */
export class BinaryFields {
  private buffer: Buffer;
  private length = 0;

  /** @param start how many bytes to begin with, or a buffer to write over. */
  constructor(start: number | Buffer) {
    this.buffer = typeof start === 'number' ? Buffer.allocUnsafe(start) : start;
  }

  /** Bytes that are no field: a header. */
  header(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  word16(value: number): void {
    this.reserve(2);
    this.length = this.buffer.writeInt16BE(value, this.length);
  }

  word32(value: number): void {
    this.reserve(4);
    this.length = this.buffer.writeInt32BE(value, this.length);
  }

  text(value: string | null | undefined): void {
    if (value === null || value === undefined) {
      this.absent();
      return;
    }
    const start = this.open(value.length * 3);
    if (!this.putShortAscii(value)) this.length += this.buffer.write(value, this.length, 'utf8');
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
    for (let at = 0; at < value.length; at += 2) {
      if (value.charCodeAt(at) === dash) at++;
      const [high = 0, low = 0] = [hexValues[value.charCodeAt(at)], hexValues[value.charCodeAt(at + 1)]];
      this.buffer[this.length++] = high * 16 + low;
    }
  }

  /** `microsecond` is the part below the millisecond. */
  timestamp(epochMs: number, microsecond: number): void {
    this.bigint((epochMs - postgresEpochMs) * 1000 + microsecond);
  }

  /** ISO 8601 in UTC with six digits of fraction, as events have it. */
  timestampText(value: string | null): void {
    if (value === null) this.absent();
    else this.bigint((readMicroseconds(value) ?? Date.parse(value) * 1000) - postgresEpochMs * 1000);
  }

  /** Exact below 2^53, which no count and no time of ours reaches. */
  bigint(value: number | null): void {
    if (value === null) {
      this.absent();
      return;
    }
    this.reserve(12);
    this.length = this.buffer.writeInt32BE(8, this.length);
    const high = Math.floor(value / wordRange);
    this.length = this.buffer.writeInt32BE(high, this.length);
    this.length = this.buffer.writeUInt32BE(value - high * wordRange, this.length);
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
    this.arrayHeader(typeOid.text, values.length);
    for (const value of values) this.text(value);
    this.close(start);
  }

  /** What stands before an array's elements; an empty array has no dimension. */
  arrayHeader(elementOid: number, length: number): void {
    this.word32(length === 0 ? 0 : 1);
    // Whether elements may be absent: PostgreSQL looks at the elements themselves.
    this.word32(0);
    this.word32(elementOid);
    if (length === 0) return;
    this.word32(length);
    this.word32(1);
  }

  /** What was written; the fields are used up. */
  take(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** All of the buffer, for whoever lent it or takes it over. */
  whole(): Buffer {
    return this.buffer;
  }

  /** A native call costs more than a few bytes: measured, texts of up to this length are written in half the time. */
  private putShortAscii(value: string): boolean {
    if (value.length > shortCharacters) return false;
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at);
      if (code > 0x7f) return false;
      this.buffer[this.length + at] = code;
    }
    this.length += value.length;
    return true;
  }

  private absent(): void {
    this.word32(-1);
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
