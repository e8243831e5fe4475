/** A helping thread of the kernels: told of its memory, it helps until it is ended. */
import { helpForever, type ThreadStart } from '../../lab/runtime/kernels/thread';

self.onmessage = ({ data }: MessageEvent<ThreadStart>) => {
  void helpForever(data, () => self.postMessage('ready'));
};
