/**
 * The threads that help a worker with its kernels. The page starts them and not that worker: while a debugger looks on (the
 * developer tools, or whatever drives the browser), a worker of Firefox 153 that starts another may sleep for ever, for it
 * waits for the debugger to know the new one, on the very condition on which the new one waits for work, and only one of
 * them is woken. The page does not wait.
 */
import type { ThreadWanted } from '../protocol/messages';
import type { WorkerLike } from './sureWorker';

export class Helpers {
  private readonly running = new Set<WorkerLike>();

  /** `spawn` starts a worker that helps when it is told with what (thread/kernelThread.ts). */
  constructor(private readonly spawn: () => WorkerLike) {}

  /** Starts one, and tells who wants it that it is there, or why not; it is ended when anything is said in return. */
  start({ start, port }: ThreadWanted): void {
    const helper = this.spawn();
    this.running.add(helper);
    const tell = (trouble: string | null) => port.postMessage(trouble);
    helper.onmessage = () => tell(null);
    helper.onerror = (event) => {
      event.preventDefault();
      tell(event.message || 'a thread of the kernels did not start');
    };
    port.onmessage = () => {
      helper.terminate();
      this.running.delete(helper);
      port.close();
    };
    helper.postMessage(start);
  }

  /** Ends all: who wanted them is gone. */
  end(): void {
    for (const helper of this.running) helper.terminate();
    this.running.clear();
  }
}
