import { type ArtifactPiece, artifactPieceBytes, type OrderStep } from '@cerberusmesh/contract/mesh';
import { openArtifact } from '../collect/artifacts/bring-artifact.ts';

export type ArtifactWanted = Extract<OrderStep, { op: 'artifact' }>;

/** A piece of what the honeypot here keeps; `bytes` is null where there is nothing of the kind below its folder. */
export async function giveArtifact(wanted: ArtifactWanted, folder: string): Promise<ArtifactPiece> {
  const file = await openArtifact(folder, wanted);
  if (file === undefined) return { size: 0, bytes: null };
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(artifactPieceBytes),
      0,
      artifactPieceBytes,
      wanted.offset,
    );
    return { size, bytes: buffer.toString('base64', 0, bytesRead) };
  } finally {
    await file.close();
  }
}
