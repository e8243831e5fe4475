/**
 * What all machines of a sweep share: finished stages, their networks and checkpoints, each under the identity of its
 * step, over any `Objects`.
 *
 *     records/ab/<key>.json                        the record, sealed; it names its network by fingerprint
 *     networks/ab/<key>-<fingerprint>.safetensors  written before the record: without that it is nothing; of a task's
 *                                                  training its last checkpoint, in which the best network is
 *     checkpoints/ab/<key>.safetensors             of a training that is not done; goes when its record is there
 *     damaged/…                                    what was not what had been written
 *
 * There are no locks. Who does the same step a second time writes the same bits, so it is no matter who is last; where
 * they differ, as two engines' do, each record still has its own network. Nothing is ever listed.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/lab/files/checkpointFile';
import { fingerprintOf } from '../../src/lab/files/fingerprint';
import { decodeAnyModel, encodeModel } from '../../src/lab/files/modelFile';
import type { AnyModel } from '../../src/lab/nn/model';
import type { FitCheckpoint } from '../../src/lab/stage/checkpoint';
import { digestOf, sealed, unsealed } from '../../src/lab/stage/seal';
import { isRecord, keyOf, type RunStore, type StageRecord } from '../../src/lab/stage/store';
import { orNull, type Say } from '../node/kept';
import type { Objects } from './objects';

/** A store that all machines of a sweep see. */
export interface Artefacts extends RunStore {
  /** Whether a stage is finished and whole: its record is sound, and its network, where it has one, is there. */
  has(key: string): Promise<boolean>;
  /** The last checkpoint of a task's training that is finished, or undefined. */
  loadTraining(key: string): Promise<FitCheckpoint | undefined>;
  /** Keeps a finished training of a task; all or nothing. */
  saveTraining(record: StageRecord, last: FitCheckpoint): Promise<void>;
  /** As it was opened: a folder, or `s3://bucket/prefix`. No secret. */
  readonly reference: string;
  /** What it calls itself, 32 hex digits: two machines whose stores differ here do not see the same one. */
  readonly id: string;
  close(): Promise<void>;
}

/**
 * A store over objects.
 *
 * @param say told of whatever was damaged, in a sentence.
 */
export function artefactsIn(objects: Objects, reference: string, id: string, say: Say): Artefacts {
  const kept = keeping(objects, say);
  const save = async <T>(
    record: StageRecord,
    left?: { readonly value: T; readonly form: Form<T> },
  ): Promise<void> => {
    const key = keyOf(record);
    const before = await kept.record(key);
    // In another recipe nobody asks for the network of this step; here somebody may.
    const isLess = !left && before?.network && (await objects.head(networkName(key, before.network)));
    if (!isLess) {
      const network = left ? left.form.fingerprint(left.value) : null;
      if (left) await objects.put(networkName(key, network!), left.form.encode(left.value));
      await objects.put(recordName(key), utf8ToBytes(JSON.stringify(sealed(plainOf(record), network))));
      if (before?.network && before.network !== network)
        await objects.remove(networkName(key, before.network));
    }
    await objects.remove(checkpointName(key));
  };
  return {
    ...{ reference, id },
    close: () => objects.close(),
    async has(key) {
      const found = await kept.record(key);
      return (
        found !== null && (found.network === null || (await objects.head(networkName(key, found.network))))
      );
    },
    async loadStage(key) {
      const found = await kept.record(key);
      if (!found) return undefined;
      const { record, network } = found;
      if (network === null) return { record };
      const model = await kept.network(key, found, MODELS);
      return model ? { record, model } : undefined;
    },
    saveStage: (record, model) => save(record, model && { value: model, form: MODELS }),
    async loadTraining(key) {
      const found = await kept.record(key);
      return (found?.network && (await kept.network(key, found, TRAININGS))) || undefined;
    },
    saveTraining: (record, last) => save(record, { value: last, form: TRAININGS }),
    async loadCheckpoint(key) {
      const name = checkpointName(key);
      const bytes = await objects.get(name);
      if (!bytes) return undefined;
      const checkpoint = await orNull(() => decodeCheckpoint(bytes, name));
      if (!checkpoint) await kept.setAside(name, bytes, 'that training begins again');
      return checkpoint ?? undefined;
    },
    async saveCheckpoint(key, checkpoint) {
      await objects.put(checkpointName(key), encodeCheckpoint(checkpoint));
      // Another machine may have finished it meanwhile, and has removed the checkpoint that was there.
      if (await objects.head(recordName(key))) await objects.remove(checkpointName(key));
    },
    async forget(key) {
      const found = await kept.record(key);
      // The record first: without it the network is nothing.
      await objects.remove(recordName(key));
      if (found?.network) await objects.remove(networkName(key, found.network));
      await objects.remove(checkpointName(key));
    },
  };
}

/** What lies beside a record: how it is written and read, and what tells it from others, whenever it was made. */
interface Form<T> {
  encode(value: T): Uint8Array;
  decode(bytes: Uint8Array, name: string): T;
  /** 32 hex digits. */
  fingerprint(value: T): string;
}

const MODELS: Form<AnyModel> = { encode: encodeModel, decode: decodeAnyModel, fingerprint: fingerprintOf };

const TRAININGS: Form<FitCheckpoint> = {
  encode: encodeCheckpoint,
  decode: decodeCheckpoint,
  fingerprint: ({ history: _, ...numbers }) => digestOf(numbers).slice(0, 32),
};

interface Found {
  readonly record: StageRecord;
  /** The fingerprint of its network, null where none was kept. */
  readonly network: string | null;
}

const AGAIN = 'that stage is made again';

/** Reading what is kept, with what is damaged set aside. */
function keeping(objects: Objects, say: Say) {
  /** Copied first, under a name that its bytes have; then removed, unless somebody has made it again by now. */
  const setAside = async (name: string, bytes: Uint8Array, then: string): Promise<void> => {
    const aside = `damaged/${name}.${bytesToHex(sha256(bytes)).slice(0, 12)}`;
    await objects.put(aside, bytes);
    const now = await objects.get(name);
    if (now && isSame(now, bytes)) await objects.remove(name);
    say(
      `"${name}" in ${objects.place} is damaged: it is not what was written. It was set aside as "${aside}"; ${then}.`,
    );
  };
  return {
    setAside,
    /** A record; null where there is none, or it was damaged. */
    async record(key: string): Promise<Found | null> {
      const name = recordName(key);
      const bytes = await objects.get(name);
      if (!bytes) return null;
      const found = unsealed(parsed(bytes));
      const network = found?.seal?.network;
      // All that is here has a seal: what lost its own is damaged.
      if (found && isRecord(found.value) && keyOf(found.value) === key && network !== undefined)
        return { record: found.value, network };
      await setAside(name, bytes, AGAIN);
      return null;
    },
    /** The network of a record; null where it is gone, or was damaged. */
    async network<T>(key: string, { record, network }: Found, form: Form<T>): Promise<T | null> {
      const name = networkName(key, network!);
      const bytes = await objects.get(name);
      if (!bytes) {
        say(`"${name}" in ${objects.place}, the network of the stage "${record.name}", is gone; ${AGAIN}.`);
        return null;
      }
      const value = await orNull(() => form.decode(bytes, name));
      if (value && form.fingerprint(value) === network) return value;
      await setAside(name, bytes, AGAIN);
      return null;
    },
  };
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

const plainOf = (record: StageRecord): object => JSON.parse(JSON.stringify(record)) as object;

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

const recordName = (key: string): string => `records/${sharded(key)}.json`;
const networkName = (key: string, fingerprint: string): string =>
  `networks/${sharded(key)}-${fingerprint}.safetensors`;
const checkpointName = (key: string): string => `checkpoints/${sharded(key)}.safetensors`;

/** An identity, or one with words behind it for what a step keeps on its way; names alone mean nothing to other machines. */
const KEY = /^[0-9a-f]{32}( [a-z0-9]+)*$/;

function sharded(key: string): string {
  if (!KEY.test(key))
    throw new RangeError(`"${key}" is no identity of a step, so no other machine can know it.`);
  return `${key.slice(0, 2)}/${key.replaceAll(' ', '-')}`;
}
