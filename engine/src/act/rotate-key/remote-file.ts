import type { SshHost } from './ssh-host.ts';

/**
 * Reads the file, edits it, and replaces it in one rename, with its mode and owner kept: whoever logs in meanwhile finds
 * the old text or the new one. Where somebody changes it at the same time, his text is read and edited again. Rejects,
 * with nothing changed, where the disk is full, the connection is cut or the folder is closed.
 */
export async function editRemoteFile(
  host: SshHost,
  path: string,
  edit: (text: string) => string | Promise<string>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const before = await readRemoteFile(host, path);
    const text = await edit(before.text);
    if (text === before.text) return;
    const bytes = String(Buffer.byteLength(text));
    const { code, stderr } = await host.run(sh(replaceScript, path, before.checksum, bytes), text);
    if (code === 0) return;
    if (code !== changedMeanwhile || attempt === attemptsMax) {
      throw new Error(`${path} cannot be changed: ${said(stderr)}`);
    }
  }
}

const attemptsMax = 5;
const changedMeanwhile = 75;

/** A file on a managed host as it was read, with what is needed to see whether somebody changed it since. */
interface RemoteFile {
  readonly text: string;
  readonly checksum: string;
}

/** Reads a file below the user's home, or an absolute path. Rejects with what the host said. */
async function readRemoteFile(host: SshHost, path: string): Promise<RemoteFile> {
  const { code, stdout, stderr } = await host.run(sh(readScript, path));
  if (code !== 0) throw new Error(`${path} cannot be read: ${said(stderr)}`);
  const end = stdout.indexOf('\n');
  return { checksum: stdout.slice(0, end), text: stdout.slice(end + 1) };
}

// A replacement whose connection was cut may still be under way: without its draft it cannot come after what is read here.
const readScript = `set -eu
file=$(readlink -f -- "$1")
rm -f -- "$file".cerberus.*
cksum < "$file"
cat -- "$file"`;

// `cp -p` keeps mode and owner. The count catches a full disk and a cut connection, either of which ends the text early;
// so does the look at the parent, which is gone when the connection is.
const replaceScript = `set -eu
umask 077
file=$(readlink -f -- "$1")
[ "$(id -u)" = 0 ] || [ -O "$file" ] || { echo "it belongs to another user" >&2; exit 77; }
new="$file.cerberus.$$"
trap 'rm -f -- "$new"' EXIT
trap 'exit 1' HUP INT TERM
cp -p -- "$file" "$new"
cat > "$new"
[ "$(cksum < "$file")" = "$2" ] || { echo "somebody changed it meanwhile" >&2; exit 75; }
[ "$(wc -c < "$new")" -eq "$3" ] || { echo "not all of it could be written" >&2; exit 74; }
sync -- "$new" 2>/dev/null || sync
kill -0 "$PPID"
mv -f -- "$new" "$file"`;

function sh(script: string, ...parameters: readonly string[]): string {
  return ['sh', '-c', script, 'cerberus', ...parameters].map(quoted).join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function said(stderr: string): string {
  return stderr.trim().slice(0, 300) || 'the host did not say why';
}
