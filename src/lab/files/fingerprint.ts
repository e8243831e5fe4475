/** What tells networks apart, whatever their files say of where they come from. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { AnyModel } from '../nn/model';
import { encodeUnsealed } from './modelFile';

/** 32 hex digits of a network's design, classes, normalisation and weights; not of its origin. */
export function fingerprintOf(model: AnyModel): string {
  return bytesToHex(sha256(encodeUnsealed({ ...model, provenance: {} }))).slice(0, 32);
}
