/**
 * The page's side of decoding: a worker of its own under a watchdog. A file made to hang the decoder, or to use up its
 * memory, costs that worker; it is ended, the person is told, and the next picture gets a fresh one.
 */
import type { Picture } from '../lab/data/decode';
import { JobFailed } from './client';
import type { PictureReply, PictureRequest } from './pictureWorker';

/** The longest a picture may take, in milliseconds; the largest that is read takes about three seconds. */
export const PICTURE_LIMIT = 20_000;

export class PictureReader {
  private worker: Worker | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly spawn: () => Worker,
    private readonly limit = PICTURE_LIMIT,
  ) {}

  /**
   * Decodes a file, after those asked for before it.
   *
   * @throws JobFailed in words for people: `bad-input` when the file cannot be read, or takes too long.
   */
  read(file: File): Promise<Picture> {
    const picture = this.last.then(() => this.decode(file));
    this.last = picture.catch(() => {});
    return picture;
  }

  private async decode(file: File): Promise<Picture> {
    const bytes = new Uint8Array(await file.arrayBuffer());
    this.worker ??= this.spawn();
    const reply = await this.answer(this.worker, { name: file.name, bytes });
    if (reply.type === 'done') return reply.picture;
    throw new JobFailed(reply.kind, reply.message, null);
  }

  private answer(worker: Worker, request: PictureRequest): Promise<PictureReply> {
    return new Promise((resolve) => {
      const fail = (kind: 'bad-input' | 'failure', message: string) => {
        this.end(worker);
        settle({ type: 'failed', kind, message });
      };
      const watchdog = setTimeout(() => {
        const seconds = this.limit / 1000;
        fail(
          'bad-input',
          `${request.name} took longer than ${seconds} s to read and was given up; save it anew.`,
        );
      }, this.limit);
      const settle = (reply: PictureReply) => {
        clearTimeout(watchdog);
        resolve(reply);
      };
      worker.onmessage = ({ data }) => settle(data);
      worker.onerror = (event) => {
        event.preventDefault();
        fail(
          'failure',
          `${request.name} could not be read: the reader ended (${event.message || 'no reason given'}).`,
        );
      };
      worker.postMessage(request, [request.bytes.buffer]);
    });
  }

  private end(worker: Worker): void {
    worker.terminate();
    if (this.worker === worker) this.worker = undefined;
  }
}
