/** A worker that unpacks and decodes pictures and nothing else, so that it can be ended at any time (see pictureReader.ts). */

import { blobSource } from '../../lab/data/readers/byteSource';
import { unpackFiles } from '../../lab/data/readers/intake';
import { zipEntries } from '../../lab/data/readers/zip';
import { BadInput, messageOf } from '../../lab/errors';
import { decodePicture } from '../../lab/pictures/decode/decode';
import { previewOf } from '../../lab/pictures/preview';
import { type PictureReply, type PictureRequest, pictureRequestSchema } from '../protocol/pictures';
import { loadDecoders } from './decoders';

const post = (reply: PictureReply, transfer: Transferable[] = []) => self.postMessage(reply, { transfer });

self.onmessage = async ({ data }: MessageEvent<unknown>) => {
  try {
    const request = pictureRequestSchema.parse(data);
    if (request.type === 'decode') await decode(request);
    else await unpack(request.file);
  } catch (error) {
    post({
      type: 'failed',
      kind: error instanceof BadInput ? 'bad-input' : 'failure',
      message: messageOf(error),
    });
  }
};

async function decode(request: Extract<PictureRequest, { type: 'decode' }>): Promise<void> {
  await loadDecoders();
  const whole = await decodePicture(request.bytes, request.name);
  const preview = request.preview === null ? null : previewOf(whole, request.preview);
  const picture = request.pixels ? whole : { ...whole, data: new Uint8Array(0) };
  const buffers = [picture.data.buffer, ...(preview ? [preview.data.buffer] : [])];
  post({ type: 'done', picture, preview }, buffers);
}

async function unpack(file: File): Promise<void> {
  for await (const entry of unpackFiles(zipEntries(blobSource(file), file.name), file.name)) {
    post({ type: 'entry', entry }, 'bytes' in entry ? [entry.bytes.buffer] : []);
  }
  post({ type: 'unpacked' });
}
