/** Which compressions of TIFF are read, and what each can hold. How each is undone: see blocks.ts. */

interface Values {
  readonly bits: number;
  readonly format: 'unsigned' | 'signed' | 'float';
  /** Values of a pixel in one block. */
  readonly values: number;
}

export interface Compression {
  readonly name: string;
  /** Whether the tag of a predictor counts: other compressions ignore it. */
  readonly isPredicted: boolean;
  /** What it cannot hold, or is not read from it, in a few words. */
  readonly fault?: (values: Values) => string | undefined;
}

/** By TIFF's numbers. */
export const COMPRESSIONS: Readonly<Record<number, Compression>> = {
  1: { name: 'none', isPredicted: false },
  5: { name: 'LZW', isPredicted: true },
  7: {
    name: 'JPEG',
    isPredicted: false,
    fault: ({ bits, format, values }) =>
      bits === 8 && format === 'unsigned' && (values === 1 || values === 3)
        ? undefined
        : `${values} bands of ${bits} bits as JPEG, of which the lab reads 1 or 3 of 8 bits`,
  },
  8: { name: 'deflate', isPredicted: true },
  32773: { name: 'PackBits', isPredicted: false },
  32946: { name: 'deflate', isPredicted: true },
  34887: {
    name: 'LERC',
    isPredicted: false,
    fault: ({ bits, format }) =>
      [8, 16, 32].includes(bits)
        ? undefined
        : bits === 64 && format === 'float'
          ? undefined
          : `values of ${bits} bits as LERC`,
  },
  50000: { name: 'ZSTD', isPredicted: true },
  50001: {
    name: 'WebP',
    isPredicted: false,
    fault: ({ bits, format, values }) =>
      bits === 8 && format === 'unsigned' && (values === 3 || values === 4)
        ? undefined
        : `${values} bands of ${bits} bits as WebP, which has 3 or 4 of 8 bits`,
  },
};

/** Names of those that are not read, so that a person knows what to look for. */
export const FORESEEN: Readonly<Record<number, string>> = {
  2: 'CCITT run lengths',
  3: 'CCITT fax 3',
  4: 'CCITT fax 4',
  6: 'old-style JPEG',
  32766: 'NeXT run lengths',
  32809: 'ThunderScan',
  33003: 'JPEG 2000',
  33005: 'JPEG 2000',
  34661: 'JBIG',
  34676: 'SGI LogLuv',
  34677: 'SGI LogLuv',
  34712: 'JPEG 2000',
  34892: 'lossy JPEG (DNG)',
  34925: 'LZMA',
  50002: 'JPEG XL',
};
