/**
 * The page's side of decoding: a worker of its own under a watchdog. A file made to hang the decoder, or to use up its
 * memory, costs that worker; it is ended, the person is told, and the next picture gets a fresh one.
 */

import type { FileOrProblem } from '../../lab/data/readers/intake';
import { messageOf } from '../../lab/errors';
import type { Picture } from '../../lab/pictures/picture';
import type { Preview } from '../../lab/pictures/preview';
import { JobFailed } from '../protocol/jobErrors';
import { type PictureReply, type PictureRequest, pictureReplySchema } from '../protocol/pictures';
import type { WorkerLike } from './sureWorker';

/** The longest a picture may take, in milliseconds; the largest that is read takes about three seconds. */
export const PICTURE_LIMIT = 20_000;

/** What is known of a picture without its pixels. */
export type PictureFacts = Omit<Picture, 'data'>;

export class PictureReader {
  private worker: WorkerLike | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly spawn: () => WorkerLike,
    private readonly limit = PICTURE_LIMIT,
  ) {}

  /**
   * Decodes a file, after those asked for before it.
   *
   * @throws JobFailed in words for people: `bad-input` when the file cannot be read, or takes too long.
   */
  async read(file: File): Promise<Picture> {
    return (await this.decode(file, null, true)).picture;
  }

  /** The picture, and a preview of it whose longest side has at most `most` pixels. Throws as `read` does. */
  async readWithPreview(file: File, most: number): Promise<{ picture: Picture; preview: Preview }> {
    const { picture, preview } = await this.decode(file, most, true);
    return { picture, preview: preview! };
  }

  /** Only a preview, and what is known of the picture. Throws as `read` does. */
  async glance(file: File, most: number): Promise<{ facts: PictureFacts; preview: Preview }> {
    const { picture, preview } = await this.decode(file, most, false);
    const { data: _, ...facts } = picture;
    return { facts, preview: preview! };
  }

  /** The files of a zip as they come, none decoded. Throws as `read` does; what came before stays good. */
  unpack(file: File, onEntry: (entry: FileOrProblem) => void): Promise<void> {
    return this.next(async () => {
      await this.ask({ type: 'unpack', name: file.name, file }, [], onEntry);
    });
  }

  private decode(file: File, preview: number | null, pixels: boolean) {
    return this.next(async () => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const request = { type: 'decode', name: file.name, bytes, preview, pixels } as const;
      const reply = await this.ask(request, [bytes.buffer]);
      if (reply.type !== 'done') throw new Error('The picture reader answered another question.');
      return reply;
    });
  }

  /** Does something after all that was asked for before it. */
  private next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => {});
    return result;
  }

  private async ask(
    request: PictureRequest,
    transfer: Transferable[],
    onEntry: (entry: FileOrProblem) => void = () => {},
  ): Promise<PictureReply> {
    this.worker ??= this.spawn();
    const reply = await this.answer(this.worker, request, transfer, onEntry);
    if (reply.type === 'failed') throw new JobFailed(reply.kind, reply.message, null);
    return reply;
  }

  private answer(
    worker: WorkerLike,
    request: PictureRequest,
    transfer: Transferable[],
    onEntry: (entry: FileOrProblem) => void,
  ): Promise<PictureReply> {
    return new Promise((resolve) => {
      const fail = (kind: 'bad-input' | 'failure', message: string) => {
        this.end(worker);
        settle({ type: 'failed', kind, message });
      };
      const watch = () =>
        setTimeout(() => {
          const seconds = this.limit / 1000;
          fail(
            'bad-input',
            `${request.name} took longer than ${seconds} s to read and was given up; save it anew.`,
          );
        }, this.limit);
      let watchdog = watch();
      const settle = (reply: PictureReply) => {
        clearTimeout(watchdog);
        resolve(reply);
      };
      worker.onmessage = ({ data }: MessageEvent<unknown>) => {
        const { data: reply } = pictureReplySchema.safeParse(data);
        if (!reply || !isAnswer(reply, request)) return misfit();
        if (reply.type !== 'entry') return settle(reply);
        clearTimeout(watchdog);
        watchdog = watch();
        onEntry(reply.entry);
      };
      const misfit = () =>
        fail(
          'failure',
          `${request.name} could not be read: its reader and this page may be of two versions, so reload the page.`,
        );
      worker.onmessageerror = misfit;
      worker.onerror = (event) => {
        event.preventDefault();
        fail(
          'failure',
          `${request.name} could not be read: the reader ended (${event.message || 'no reason given'}).`,
        );
      };
      try {
        worker.postMessage(request, transfer);
      } catch (error) {
        settle({
          type: 'failed',
          kind: 'failure',
          message: `${request.name} could not be handed to its reader: ${messageOf(error)}.`,
        });
      }
    });
  }

  private end(worker: WorkerLike): void {
    worker.terminate();
    if (this.worker === worker) this.worker = undefined;
  }
}

/** Whether a reply is one to this request. */
function isAnswer({ type: reply }: PictureReply, { type: request }: PictureRequest): boolean {
  return reply === 'failed' || (reply === 'done') === (request === 'decode');
}
