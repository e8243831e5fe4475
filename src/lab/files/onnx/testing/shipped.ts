/** Networks that the page comes with, whole and freshly pruned, to be written down. */
import { extract } from '../../../prune/neurons/extract';
import { testPlatform } from '../../../testing/platform';
import { THOROUGH } from '../../../testing/properties';
import { decodeModel } from '../../modelFile';

export const IDS = [
  ...['synthetic-tiny', 'synthetic-tiny-plain', 'eurosat-c4-twin-small', 'eurosat-base-small'],
  // Of 64×64 pixels: half a minute.
  ...(THOROUGH ? ['synthetic-c4', 'eurosat-c4-twin', 'eurosat-base'] : []),
];

export async function opened(id: string, isPruned: boolean) {
  const model = decodeModel(await testPlatform().readPublic(`models/${id}.safetensors`), id);
  const half = Uint32Array.from({ length: model.arch.head.hidden / 2 }, (_, i) => 2 * i);
  return isPruned ? extract(model, half) : model;
}

/** What runs in Chromium the walks look at. */
export const isInNode = testPlatform().backends.includes('wasm');
