/**
 * How the blocks (strips or tiles) of a TIFF are unpacked. The reader's own decoders unpack whatever a block claims to
 * hold; these stop at the size that the directory promises, so a few bytes cannot become gigabytes, and a block that
 * holds too little is an error.
 */

import { addDecoder, BaseDecoder } from 'geotiff';
import { Inflate } from 'pako';
import { jpegPixels } from '../codecs/codecs';
import { jpegFrame } from '../codecs/frame';
import { decodeLzw } from './lzw';

/** Something is wrong with a block; the message is a few words for people. */
export class BadBlock extends Error {
  override readonly name = 'BadBlock';
}

/** TIFF's numbers of the compressions that are read, and their names. */
export const COMPRESSIONS: Readonly<Record<number, string>> = {
  1: 'none',
  5: 'LZW',
  7: 'JPEG',
  8: 'deflate',
  32946: 'deflate',
};

/** What the blocks of one picture have in common. */
export interface BlockShape {
  readonly width: number;
  readonly height: number;
  /** Values of a pixel in one block: 1 where bands lie apart. */
  readonly values: number;
  readonly bytesPerValue: number;
  /** Of the compression JPEG: whether colours are stored as YCbCr, and the tables all blocks share. */
  readonly isYcbcr: boolean;
  readonly jpegTables: Uint8Array | undefined;
}

interface Parameters {
  readonly shape: BlockShape;
}

const shapes = new WeakMap<object, BlockShape>();

/** Says what the blocks of a picture's directory look like; must come before its first block is read. */
export function setBlockShape(directory: object, shape: BlockShape): void {
  shapes.set(directory, shape);
}

abstract class BoundedDecoder extends BaseDecoder {
  protected get shape(): BlockShape {
    return (this.parameters as unknown as Parameters).shape;
  }

  /** Bytes of a whole block; the last strip may hold fewer rows, never more. */
  protected get most(): number {
    const { width, height, values, bytesPerValue } = this.shape;
    return width * height * values * bytesPerValue;
  }
}

class RawBlock extends BoundedDecoder {
  override decodeBlock(buffer: ArrayBuffer): ArrayBuffer {
    return buffer;
  }
}

class LzwBlock extends BoundedDecoder {
  override decodeBlock(buffer: ArrayBuffer): ArrayBuffer {
    const bytes = decodeLzw(new Uint8Array(buffer), this.most);
    if (!bytes) throw new BadBlock('an LZW block is broken');
    return bytes.buffer as ArrayBuffer;
  }
}

/** Not the platform's stream: that takes milliseconds for each block, and many a file has thousands of one row. */
class DeflateBlock extends BoundedDecoder {
  override decodeBlock(buffer: ArrayBuffer): ArrayBuffer {
    const out = new Uint8Array(this.most);
    let length = 0;
    const inflate = new Inflate({ chunkSize: Math.min(this.most + 1, 2 ** 16) });
    inflate.onData = (piece) => {
      const bytes = piece as Uint8Array;
      if (length + bytes.length > out.length) throw new BadBlock('a block unpacks to more than its size');
      out.set(bytes, length);
      length += bytes.length;
    };
    inflate.onEnd = () => {};
    inflate.push(buffer, true);
    if (inflate.err || !(inflate as { ended?: boolean }).ended)
      throw new BadBlock('a deflated block is broken');
    return out.buffer.slice(0, length);
  }
}

/** By the same codec as every JPEG, and as strictly. */
class JpegBlock extends BoundedDecoder {
  override async decodeBlock(buffer: ArrayBuffer): Promise<ArrayBuffer> {
    const { width, height, values, isYcbcr } = this.shape;
    const bytes = this.whole(new Uint8Array(buffer), isYcbcr);
    const frame = jpegFrame(bytes);
    if (!frame || frame.width !== width || frame.height > height)
      throw new BadBlock('a JPEG block has another size than its tile');
    const rgba = await jpegPixels(bytes);
    if (!rgba) throw new BadBlock('a JPEG block is broken');
    const out = new Uint8Array(rgba.width * rgba.height * values);
    for (let p = 0; p < rgba.width * rgba.height; p++) {
      for (let c = 0; c < values; c++) out[p * values + c] = rgba.data[4 * p + c];
    }
    return out.buffer;
  }

  /** A stream of its own: with the shared tables, and an Adobe marker that says which colours are meant. */
  private whole(block: Uint8Array, isYcbcr: boolean): Uint8Array {
    if (block[0] !== 0xff || block[1] !== 0xd8) throw new BadBlock('a JPEG block has no beginning');
    const { jpegTables } = this.shape;
    const adobe = [0xff, 0xee, 0, 14, ...[...'Adobe'].map((c) => c.charCodeAt(0)), 0, 100, 0, 0, 0, 0];
    const head = [0xff, 0xd8, ...adobe, isYcbcr ? 1 : 0];
    // Both ends of the tables are taken off: begin and end of image.
    const tables = jpegTables ? jpegTables.subarray(2, jpegTables.length - 2) : new Uint8Array(0);
    const whole = new Uint8Array(head.length + tables.length + block.length - 2);
    whole.set(head);
    whole.set(tables, head.length);
    whole.set(block.subarray(2), head.length + tables.length);
    return whole;
  }
}

const DECODERS: readonly [number[], typeof BaseDecoder][] = [
  [[1], RawBlock],
  [[5], LzwBlock],
  [[7], JpegBlock],
  [[8, 32946], DeflateBlock],
];

/** Replaces the reader's decoders by those above. */
export function useBoundedBlocks(): void {
  for (const [numbers, decoder] of DECODERS) {
    addDecoder(
      numbers,
      async () => decoder,
      async (directory) => {
        const shape = shapes.get(directory);
        if (!shape) throw new Error('setBlockShape() must be called before a block is read');
        return {
          shape,
          tileWidth: shape.width,
          tileHeight: shape.height,
          planarConfiguration: shape.values === 1 ? 2 : 1,
          bitsPerSample: new Array<number>(shape.values).fill(8 * shape.bytesPerValue),
          predictor: (await directory.loadValue('Predictor')) || 1,
        };
      },
      false,
    );
  }
}
