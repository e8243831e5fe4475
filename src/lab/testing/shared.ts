/** Test data that lives beside the project, not in it. Suites that need it skip by name where it is absent. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'vitest';
import { decodeSafetensors, type SafeFile } from '../files/safetensors';

const SHARED = path.resolve('..', 'shared');

/** The path of something under ../shared. */
export const sharedPath = (relative: string): string => path.join(SHARED, relative);

/** `describe` that, where ../shared/<relative> is absent, leaves one skipped test saying what it needs. */
export function describeWithShared(title: string, relative: string, body: () => void): void {
  if (existsSync(sharedPath(relative))) describe(title, body);
  else describe(title, () => test.skip(`skipped: needs ../shared/${relative}`, () => {}));
}

export function readReference(name: string): SafeFile {
  return decodeSafetensors(new Uint8Array(readFileSync(sharedPath(`reference/${name}`))), name);
}
