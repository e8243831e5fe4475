/** Opening the store that all machines of a sweep see, by its reference. */
import { type Say, sayOnError } from '../node/kept';
import { type Artefacts, artefactsIn } from './artefacts';
import { folderObjects } from './folder';

export type { Artefacts } from './artefacts';
export { StoreError } from './objects';

/**
 * Opens a store: a folder that is there, on a disk that all machines share.
 *
 * @param say told of whatever is damaged there, in a sentence.
 * @throws StoreError where the place is not there, refuses, or does not answer.
 */
export async function openArtefacts(reference: string, say: Say = sayOnError): Promise<Artefacts> {
  const objects = folderObjects(reference);
  await objects.check();
  return artefactsIn(objects, reference, say);
}
