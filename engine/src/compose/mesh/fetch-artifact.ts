import type { ArtifactSighting, BroughtArtifact } from '@cerberusmesh/contract/artifact';
import { ArtifactPiece, artifactPieceBytes } from '@cerberusmesh/contract/mesh';
import type { AskSensor } from '../../act/remote/order-book.ts';
import { checkArtifact, type NotBrought } from '../../collect/artifacts/bring-artifact.ts';
import { type Outcome, refused } from '../../kit/outcome.ts';

const pieceSeconds = 30;

/**
 * Has a sensor give what its honeypot keeps, a piece at a time. What it gives is believed as little as what a honeypot beside
 * us says: it is bounded, and has the hash that was told or is not kept.
 * @throws CerberusError SENSOR_AWAY, ORDER_FAILED; then it may be asked again.
 */
export async function fetchArtifact(
  ask: AskSensor,
  { sensor, sighting, bytesMax }: { sensor: string; sighting: ArtifactSighting; bytesMax: number },
): Promise<Outcome<BroughtArtifact, NotBrought>> {
  const { kind, path, namedSha256 } = sighting;
  const pieces: Buffer[] = [];
  for (let offset = 0; ; ) {
    const step = { op: 'artifact', kind, path, namedSha256, offset } as const;
    const answer = ArtifactPiece.parse(await ask(sensor, step, pieceSeconds));
    if (answer.bytes === null) return refused({ state: 'missing', why: `"${sensor}" has no such file.` });
    if (answer.size > bytesMax)
      return refused({ state: 'too_large', why: `It has ${answer.size} bytes, and at most ${bytesMax} are kept.` });
    const piece = Buffer.from(answer.bytes, 'base64');
    pieces.push(piece);
    offset += piece.length;
    // Also where the sensor says that it has ever more, or gives it in crumbs.
    if (piece.length < artifactPieceBytes || offset >= answer.size || offset >= bytesMax) break;
  }
  return await checkArtifact(sighting, Buffer.concat(pieces));
}
