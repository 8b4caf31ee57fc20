import { BinaryFields } from './binary-fields.ts';

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');

/** Writes rows in PostgreSQL's binary COPY format. */
export class CopyEncoder extends BinaryFields {
  constructor(start: number | Buffer = 1 << 20) {
    super(start);
    this.header(signature);
  }

  row(fields: number): void {
    this.word16(fields);
  }

  /** The finished COPY data; the encoder is used up. */
  finish(): Buffer {
    this.word16(-1);
    return this.take();
  }
}
