/** What a folder that is a store refuses, in words: whoever reads them may follow a worker that tries again, or a command that ended. */
import { stat } from 'node:fs/promises';
import { BadInput } from '../../src/lab/errors';
import { asBadInput } from '../node/fileErrors';
import { StoreError } from './objects';

/** What shared disks say while a server restarts, or of a file that another machine has just replaced. */
const PASSING = ['ESTALE', 'ETIMEDOUT', 'EAGAIN', 'EBUSY', 'EINTR'];

const isFull = (root: string) =>
  `The disk of the store "${root}" is full: make room there. What was finished before is kept.`;
const isSilent = (root: string, code: string) =>
  `The disk of the store "${root}" does not answer (${code}): see whether it is mounted.`;

const SENTENCES: Readonly<Record<string, (root: string, code: string) => string>> = {
  ENOSPC: isFull,
  EDQUOT: isFull,
  EROFS: (root) =>
    `The disk of the store "${root}" can only be read: mount it such that it may be written to.`,
  ESTALE: isSilent,
  ETIMEDOUT: isSilent,
};

export const codeOf = (error: unknown): string | undefined =>
  (error as NodeJS.ErrnoException | undefined)?.code;

/** Whether it may be otherwise in a moment. */
export const isPassing = (error: unknown): boolean => PASSING.includes(codeOf(error) ?? '');

/** The disk's refusal as `StoreError`; anything else as it is. place: what was to be read or written. */
export async function refusalOf(error: unknown, place: string, root: string): Promise<unknown> {
  const [code = '', mayPass] = [codeOf(error), isPassing(error)];
  if (Object.hasOwn(SENTENCES, code))
    return new StoreError(SENTENCES[code](root, code), { mayPass, cause: error });
  if (code === 'ENOENT' && (await isGone(root)))
    return new StoreError(
      `The store "${root}" is away: there is no folder of that name any more. Mount its disk again.`,
      { mayPass, cause: error },
    );
  const told = asBadInput(error, place);
  return told instanceof BadInput ? new StoreError(told.message, { mayPass, cause: error }) : error;
}

const isGone = (root: string): Promise<boolean> =>
  stat(root).then(
    () => false,
    (error) => codeOf(error) === 'ENOENT',
  );
