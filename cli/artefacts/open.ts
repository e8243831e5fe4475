/** Opening the store that all machines of a sweep see, by its reference. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { sealed, unsealed } from '../../src/lab/stage/seal';
import { type Say, sayOnError } from '../node/kept';
import { type Artefacts, artefactsIn } from './artefacts';
import { openFolder } from './folder';
import { type Objects, StoreError } from './objects';
import { s3Objects } from './s3';

export type { Artefacts } from './artefacts';
export { StoreError } from './objects';

/**
 * Opens a store: a folder that is there, on a disk that all machines share, or `s3://bucket/prefix`, whose keys and
 * endpoint are taken from the environment. What cannot be read or written is found here, before anything is computed.
 *
 * @param say told of whatever is damaged there, in a sentence.
 * @throws StoreError where the place is not there, refuses, or does not answer.
 */
export async function openArtefacts(reference: string, say: Say = sayOnError): Promise<Artefacts> {
  const objects = await objectsOf(reference);
  try {
    return artefactsIn(objects, reference, await idOf(objects), say);
  } catch (error) {
    await objects.close();
    throw error;
  }
}

async function objectsOf(reference: string): Promise<Objects> {
  // Here and not at the head: its client takes a third of a second to load, and every other verb starts without it.
  if (/^s3:/i.test(reference)) return s3Objects(await import('@aws-sdk/client-s3'), reference);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(reference))
    throw new StoreError('A store is a folder, or s3://bucket/prefix: no other kind is known.', {
      mayPass: false,
    });
  return openFolder(reference);
}

const MARK = 'store.json';
const FORMAT = 'orbit-lab-store/1';

/** What the store calls itself. One that has no name yet is given one, which shows that it can be written to. */
async function idOf(objects: Objects): Promise<string> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const found = await objects.get(MARK);
    const known = found && nameIn(found, objects.place);
    if (known) return known;
    const mark = { format: FORMAT, id: bytesToHex(randomBytes(16)) };
    const bytes = utf8ToBytes(JSON.stringify(sealed(mark)));
    // One that was damaged is replaced. Of several machines that begin a store, all take the first one's name.
    await (found ? objects.put(MARK, bytes) : objects.create(MARK, bytes));
    if (attempt > 0) await pause(200 * attempt);
  }
  throw new StoreError(
    `${objects.place} does not give back what is written there: see whether it may be read, and lies on one disk.`,
    { mayPass: false },
  );
}

/** The name, or null where it is damaged. Throws `StoreError` for a store of a later version. */
function nameIn(bytes: Uint8Array, place: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
  const mark = unsealed(value);
  if (!mark?.seal) return null;
  const { format, id } = mark.value;
  if (format !== FORMAT)
    throw new StoreError(
      `${place} is a store of another version of this lab: choose another place, or install that version.`,
      { mayPass: false },
    );
  return typeof id === 'string' ? id : null;
}
