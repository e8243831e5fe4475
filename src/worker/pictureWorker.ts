/** A worker that decodes pictures and nothing else, so that it can be ended at any time (see pictureReader.ts). */
import { decodePicture, type Picture } from '../lab/data/decode';
import { BadInput, messageOf } from '../lab/errors';
import { loadDecoders } from './decoders';

export interface PictureRequest {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type PictureReply =
  | { readonly type: 'done'; readonly picture: Picture }
  | { readonly type: 'failed'; readonly kind: 'bad-input' | 'failure'; readonly message: string };

self.onmessage = async ({ data: { name, bytes } }: MessageEvent<PictureRequest>) => {
  try {
    await loadDecoders();
    const picture = await decodePicture(bytes, name);
    const reply: PictureReply = { type: 'done', picture };
    self.postMessage(reply, { transfer: [picture.data.buffer] });
  } catch (error) {
    const kind = error instanceof BadInput ? 'bad-input' : 'failure';
    const reply: PictureReply = { type: 'failed', kind, message: messageOf(error) };
    self.postMessage(reply);
  }
};
