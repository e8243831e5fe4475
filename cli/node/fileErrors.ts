/**
 * What a disk refuses is bad input: the person can mend it, so it is said in one sentence that names the place, and
 * never as a stack of calls. Node tells the reason as a code; whatever has none of these is ours and stays as it is.
 */
import { BadInput } from '../../src/lab/errors';
import { UNFINISHED } from './unfinished.mjs';

type DiskError = Error & {
  readonly code: string;
  readonly syscall?: string;
  readonly path?: string;
  readonly dest?: string;
};

/** Calls that begin with a file or folder that a person named. */
const LOOKING = ['stat', 'lstat', 'scandir', 'opendir', 'readlink', 'realpath', 'access'];
const DISK_IS_FULL = 'the disk is full; what was finished before is kept. Make room and start again';
const NO_PERMISSION = 'this user may not';

/** A sentence for each reason, by its code; `at` is the place. */
const SENTENCES: Readonly<Record<string, (at: string, error: DiskError) => string>> = {
  ENOENT: (at, error) =>
    error.syscall && LOOKING.includes(error.syscall)
      ? `${at} is not there, or is a link that leads nowhere.`
      : `There is no file ${at}, or no folder to write it in.`,
  EISDIR: (at) => `${at} is a folder, where a file is meant: name a file.`,
  ENOTDIR: (at) => `${at} leads through a file, where a folder is meant: name another place.`,
  EEXIST: (at) => `${at} is a file that is there already, where a folder is meant: name another place.`,
  ENOTEMPTY: (at) => `${at} is a folder with something in it, where a file is meant: name a file.`,
  EACCES: (at) =>
    `${at}: ${NO_PERMISSION} read or write there. Change its permissions, or name another place.`,
  EPERM: (at) =>
    `${at}: ${NO_PERMISSION} read or write there. Change its permissions, or name another place.`,
  EROFS: (at) => `${at} lies on a disk that can only be read: name another place.`,
  ENOSPC: (at) => `${at} cannot be written: ${DISK_IS_FULL}.`,
  EDQUOT: (at) => `${at} cannot be written: ${DISK_IS_FULL}.`,
  EFBIG: (at) => `${at} cannot be written: files on that disk may not be so large.`,
  ELOOP: (at) => `${at} is a link that leads back to itself: name the file or folder itself.`,
  ENAMETOOLONG: (at) => `${at} is longer than a name may be: shorten it.`,
  EINVAL: (at) => `${at} cannot be a file or folder there: name another place.`,
  EXDEV: (at) => `${at} lies on another disk than its folder: name a place that is no link.`,
  EBUSY: (at) => `${at} is in use by something else: close that, and start again.`,
  EMFILE: (at) => `${at} cannot be opened: too many files are open. Close some programs and start again.`,
  ENFILE: (at) => `${at} cannot be opened: too many files are open. Close some programs and start again.`,
  EIO: (at) => `${at} cannot be read or written: its disk reports an error. Try a copy on another disk.`,
  ENXIO: (at) => `${at} is no ordinary file, so it cannot be read: name a file.`,
  ERR_FS_FILE_TOO_LARGE: (at) => `${at} has more than 2 GiB, too many to be read at once.`,
};

/** The error as `BadInput` where it is the disk's; anything else as it is. `place` names it where Node does not. */
export function asBadInput(error: unknown, place?: string): unknown {
  if (!isOfDisk(error)) return error;
  // A file is written beside its place first; people know the place.
  const named = (error.dest ?? error.path ?? place)?.replace(UNFINISHED, '');
  const at = named === undefined ? 'A file' : `"${named}"`;
  return new BadInput(SENTENCES[error.code](at, error), { cause: error });
}

/** Does something with the disk; throws `BadInput` where that refuses. */
export async function onDisk<T>(work: Promise<T>, place?: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asBadInput(error, place);
  }
}

function isOfDisk(error: unknown): error is DiskError {
  if (!(error instanceof Error) || !('code' in error)) return false;
  if (error.code === 'ERR_FS_FILE_TOO_LARGE') return true;
  return 'syscall' in error && Object.hasOwn(SENTENCES, String(error.code));
}
