/** Kinds of files that hold data sets and that the lab does not read: named, so that nobody fetches them again in vain. */

const latin = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));
const begins = (text: string) => (bytes: Uint8Array) => latin(bytes, 0, text.length) === text;

/** What a file is, and what to do instead. */
const KINDS: readonly (readonly [is: (bytes: Uint8Array) => boolean, what: string, instead: string])[] = [
  [
    isPickle,
    'a pickle of Python',
    'CIFAR-10 and CIFAR-100 are published in a binary version, too (cifar-10-binary.tar.gz, cifar-100-binary.tar.gz), which the lab reads',
  ],
  [begins('\x93NUMPY'), 'an array of NumPy (.npy)', 'write the tiles as PNG, in a folder for each class'],
  [begins('\x89HDF\r\n'), 'an HDF5 file', 'write the tiles as PNG, in a folder for each class'],
  [begins('MATLAB 5.0'), 'a file of MATLAB', 'take the IDX or binary version of the set, where there is one'],
  [begins('PAR1'), 'a Parquet table', 'write the tiles as PNG, in a folder for each class'],
  [begins('Rar!'), 'a RAR archive', 'unpack it, and give the folder or a zip of it'],
  [begins('7z\xbc\xaf'), 'a 7z archive', 'unpack it, and give the folder or a zip of it'],
  [begins('\xfd7zXZ'), 'compressed with xz', 'unpack it first'],
  [begins('BZh'), 'compressed with bzip2', 'unpack it first'],
  [begins('\x28\xb5\x2f\xfd'), 'compressed with Zstandard', 'unpack it first'],
  [
    begins('version https://git-lfs'),
    'a pointer of Git LFS, which stands for the file and is not it',
    'run "git lfs pull" where it comes from',
  ],
  [isWebPage, 'a web page', 'the address was that of a page about the file: save the file that it links to'],
];

/** Why a file is not read, as a sentence, where its kind is known; else null. */
export function foreignSentence(path: string, bytes: Uint8Array): string | null {
  const found = KINDS.find(([is]) => is(bytes));
  return found ? `${path} is ${found[1]}, which the lab does not read; ${found[2]}.` : null;
}

/** Protocols 2 to 5 say so in their first two bytes, and all end with a stop. */
function isPickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5 && bytes.at(-1) === 0x2e;
}

function isWebPage(bytes: Uint8Array): boolean {
  return /^\s*<(!doctype html|html)/i.test(latin(bytes, 0, 64).replace(/^\xef\xbb\xbf/, ''));
}
