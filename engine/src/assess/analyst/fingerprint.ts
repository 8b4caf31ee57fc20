import { hash } from 'node:crypto';
import type { SessionMaterial } from '@cerberusmesh/contract/session-material';
import { composePrompt, promptVersion } from './prompt.ts';

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * Equal for two sessions about which a model would be asked the same but for the ids of their events: bots repeat
 * themselves, and the second one costs nothing. The model and the prompt are a part of it.
 */
export function fingerprintOf(material: SessionMaterial, model: string): Buffer {
  // The question as it is sent, so that whatever is shown counts, and nothing else.
  const { question } = composePrompt(material, 'nonce');
  const shown = question.replace(uuid, (id) => String(material.events.findIndex((event) => event.id === id)));
  return Buffer.from(hash('sha256', `${promptVersion}\0${model}\0${shown}`), 'hex');
}
