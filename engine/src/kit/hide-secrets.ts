const hidden = '[secret]';
const depthMax = 6;
const charactersMax = 4096;
const entriesMax = 200;

// Passwords that attackers tried are hidden too: they are in the database, and a log is copied more freely.
const secretKey =
  /passw(or)?d|passphrase|secret|token|authorization|cookie|api[-_]?key|access[-_]?key|private[-_]?key|master[-_]?key|^pwd$/i;
const passwordInUrl = /:\/\/([^\s/:@"]*):[^\s/@"]*@/g;

/**
 * A copy that is fit for a log: values under secret keys are replaced at every depth, passwords inside addresses too;
 * long texts, long lists and deep nesting are cut, because attackers write what is logged.
 */
export function hideSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return hideInText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return describeError(value, depth);
  if (value instanceof Date) return value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return hideSecrets(value.toJSON(), depth + 1);
  if (depth >= depthMax) return '[deeper]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, entriesMax).map((entry) => hideSecrets(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, entriesMax)
      .map(([key, inner]) => [key, secretKey.test(key) ? hidden : hideSecrets(inner, depth + 1)]),
  );
}

function hideInText(text: string): string {
  const cut = text.length > charactersMax ? `${text.slice(0, charactersMax)}… (${text.length} characters)` : text;
  return cut.replace(passwordInUrl, `://$1:${hidden}@`);
}

// Not all own properties: errors of drivers carry whole requests.
function describeError(error: Error, depth: number): unknown {
  return {
    type: error.name,
    message: hideInText(error.message),
    ...('code' in error ? { code: hideSecrets(error.code, depth + 1) } : {}),
    stack: hideInText(error.stack ?? ''),
    ...(error.cause === undefined || depth >= depthMax ? {} : { cause: hideSecrets(error.cause, depth + 1) }),
  };
}
