import { createHash } from 'node:crypto';
import { raise } from '../faults.ts';
import type { Modules } from '../modules.ts';
import { builtIns } from '../runtime.ts';
import { PyBytes, PyClass, PyInstance, type Run, type Value } from '../values.ts';
import { dumps, loads } from './json.ts';

const digests = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

export const codecModules: Modules = {
  base64: () =>
    builtIns({
      b64encode: ([value]) => ascii(bytesIn(value).toString('base64')),
      b64decode: ([value]) => decoded(value),
      standard_b64decode: ([value]) => decoded(value),
      urlsafe_b64encode: ([value]) =>
        ascii(bytesIn(value).toString('base64').replaceAll('+', '-').replaceAll('/', '_')),
      urlsafe_b64decode: ([value]) => new PyBytes(Buffer.from(bytesIn(value, true).toString('latin1'), 'base64')),
      decodebytes: ([value]) => decoded(value),
      b16encode: ([value]) => ascii(bytesIn(value).toString('hex').toUpperCase()),
      b16decode: ([value]) => new PyBytes(Buffer.from(bytesIn(value, true).toString('latin1'), 'hex')),
      b32decode: ([value]) => new PyBytes(bytesIn(value, true)),
    }),
  binascii: () =>
    builtIns({
      hexlify: ([value]) => ascii(bytesIn(value).toString('hex')),
      unhexlify: ([value]) => new PyBytes(Buffer.from(bytesIn(value, true).toString('latin1'), 'hex')),
    }),
  hashlib: () => [
    ...builtIns(Object.fromEntries(digests.map((name): [string, Run] => [name, ([start]) => digest(name, start)]))),
    ...builtIns({ new: ([name, start]) => digest(String(name), start) }),
  ],
  json: (runtime) => [
    ['JSONDecodeError', jsonError],
    ...builtIns({
      loads: ([text]) => loads(text instanceof PyBytes ? text.bytes.toString('utf8') : String(text), jsonError),
      dumps: ([value = null], named) => dumps(value, named),
      load: async ([file = null]) => {
        const read = file instanceof PyInstance ? file.members.get('read') : undefined;
        return loads(String(read === undefined ? '' : await runtime.invoke(read, [])), jsonError);
      },
      dump: async ([value = null, file = null], named) => {
        const write = file instanceof PyInstance ? file.members.get('write') : undefined;
        return write === undefined ? null : await runtime.invoke(write, [dumps(value, named)]);
      },
    }),
  ],
};

const jsonError = new PyClass('JSONDecodeError', [], new Map([['__module__', 'json.decoder']]));

/** @throws PythonFault TypeError */
export function bytesIn(value: Value | undefined, mayBeText = false): Buffer {
  if (value instanceof PyBytes) return value.bytes;
  if (mayBeText && typeof value === 'string') return Buffer.from(value, 'latin1');
  return raise('TypeError', "a bytes-like object is required, not 'str'");
}

function ascii(text: string): PyBytes {
  return new PyBytes(Buffer.from(text, 'latin1'));
}

function decoded(value: Value | undefined): PyBytes {
  const text = bytesIn(value, true)
    .toString('latin1')
    .replace(/[^A-Za-z0-9+/=]/g, '');
  if (text.replace(/=+$/, '').length % 4 === 1 || text.length % 4 !== 0) raise('ValueError', 'Incorrect padding');
  return new PyBytes(Buffer.from(text, 'base64'));
}

function digest(name: string, start: Value | undefined): PyInstance {
  if (!digests.includes(name)) raise('ValueError', `unsupported hash type ${name}`);
  let all = start === undefined ? Buffer.alloc(0) : bytesIn(start);
  const sum = () => createHash(name).update(all).digest();
  return new PyInstance(
    new PyClass('HASH', [], new Map(), () => null),
    new Map(
      builtIns({
        update([more]) {
          all = Buffer.concat([all, bytesIn(more)]).subarray(0, 16 * 1024 * 1024);
          return null;
        },
        hexdigest: () => sum().toString('hex'),
        digest: () => new PyBytes(sum()),
      }),
    ),
  );
}
