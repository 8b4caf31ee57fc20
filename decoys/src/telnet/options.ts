/** What Telnet's control bytes say (RFC 854, 1073, 1091). */
export const telnet = {
  IAC: 255,
  DONT: 254,
  DO: 253,
  WONT: 252,
  WILL: 251,
  SB: 250,
  SE: 240,
  ECHO: 1,
  SGA: 3,
  TTYPE: 24,
  NAWS: 31,
} as const;

export interface TelnetReader {
  /** The bytes that are text; what is control is told. */
  readonly feed: (chunk: Uint8Array) => Uint8Array;
}

export interface TelnetReaderOptions {
  readonly option: (command: 'WILL' | 'WONT' | 'DO' | 'DONT', option: number) => void;
  readonly size: (columns: number, rows: number) => void;
}

const names: Readonly<Record<number, 'WILL' | 'WONT' | 'DO' | 'DONT'>> = {
  251: 'WILL',
  252: 'WONT',
  253: 'DO',
  254: 'DONT',
};
const subMax = 256;

/** Takes control sequences out of a stream, wherever its chunks are cut. */
export function createTelnetReader({ option, size }: TelnetReaderOptions): TelnetReader {
  let state: 'text' | 'iac' | 'option' | 'sub' | 'subIac' = 'text';
  let command = 0;
  let sub: number[] = [];
  let wasReturn = false;

  return {
    feed(chunk) {
      const text: number[] = [];
      for (const byte of chunk) take(byte, text);
      return Uint8Array.from(text);
    },
  };

  function take(byte: number, text: number[]): void {
    if (state === 'text') {
      if (byte === telnet.IAC) state = 'iac';
      // A return is sent as CR LF or as CR NUL: one key.
      else if (!(wasReturn && (byte === 0 || byte === 0x0a))) text.push(byte);
      wasReturn = byte === 0x0d;
    } else if (state === 'iac') {
      if (byte === telnet.SB) {
        sub = [];
        state = 'sub';
      } else if (names[byte] !== undefined) {
        command = byte;
        state = 'option';
      } else {
        if (byte === telnet.IAC) text.push(byte);
        state = 'text';
      }
    } else if (state === 'option') {
      const name = names[command];
      if (name) option(name, byte);
      state = 'text';
    } else if (state === 'sub') {
      if (byte === telnet.IAC) state = 'subIac';
      else if (sub.length < subMax) sub.push(byte);
    } else if (byte === telnet.SE) {
      endSub();
      state = 'text';
    } else {
      if (byte === telnet.IAC && sub.length < subMax) sub.push(byte);
      state = 'sub';
    }
  }

  function endSub(): void {
    const [kind, high = 0, width = 0, tall = 0, rows = 0] = sub;
    if (kind === telnet.NAWS) size(high * 256 + width, tall * 256 + rows);
  }
}
