import { type ArtifactPiece, artifactPieceBytes, type OrderReport, type OrderStep } from '@cerberusmesh/contract/mesh';
import { honeypotFolder, openArtifact } from '../collect/artifacts/bring-artifact.ts';
import { reasonOf } from '../kit/reason-of.ts';

type ArtifactWanted = Extract<OrderStep, { op: 'artifact' }>;

/** Answers the hub's order for a piece of an artifact of the honeypot here. Never rejects. */
export async function doArtifactOrder(
  id: string,
  wanted: ArtifactWanted,
  here: { readonly logPath: string; readonly cowrieDir: string | undefined },
): Promise<OrderReport> {
  const folder = here.cowrieDir ?? honeypotFolder(here.logPath);
  if (folder === undefined) {
    const why = 'The folder of the honeypot cannot be told from its log; CERBERUS_COWRIE_DIR names it.';
    return { id, done: false, why };
  }
  try {
    return { id, done: true, result: await givePiece(wanted, folder) };
  } catch (error) {
    return { id, done: false, why: reasonOf(error).slice(0, 2000) };
  }
}

/** A piece of what the honeypot here keeps; `bytes` is null where there is nothing of the kind below its folder. */
async function givePiece(wanted: ArtifactWanted, folder: string): Promise<ArtifactPiece> {
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
