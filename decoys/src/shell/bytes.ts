import { type ByteString, decodeBytesToUtf8, latin1FromBytes, unsafeBytesFromLatin1 } from 'just-bash';

/** The interpreter's form of bytes: a string with one character for each. */
export function unsafeBytes(bytes: Uint8Array): ByteString {
  return unsafeBytesFromLatin1(Buffer.from(bytes).toString('latin1'));
}

/** One byte for each character. */
export function bytesFrom(text: ByteString): Buffer {
  return Buffer.from(latin1FromBytes(text), 'latin1');
}

/** Standard input as text; what is no UTF-8 stays one character a byte. */
export function decodeStdin(stdin: ByteString): string {
  return decodeBytesToUtf8(stdin);
}
