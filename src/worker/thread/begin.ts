/** Wires the host to the thread's messages. */
import { takePainted } from '../../lab/data/synthetic';
import type { Message } from '../protocol/messages';
import { holding } from './holding';
import { createHost } from './host';
import { pageHidden } from './kernels';
import { createLab } from './lab';
import { paintedTiles } from './painted';

const post = (message: Message) => self.postMessage(message);
/** The address of a built script changes with whatever it is made of; while it is developed, it does not. */
const code = import.meta.env.PROD ? new URL(import.meta.url).pathname : null;

/** Takes the messages of the page from now on, after those that came before. */
export function begin(earlier: readonly MessageEvent[]): void {
  const receive = receiver();
  for (const { data } of earlier) receive(data);
  self.onmessage = ({ data }) => receive(data);
  // Until its first word the page takes it for one that may not load.
  post({ type: 'pong', asked: 0, open: [] });
  // It cannot even be said which job it was of, and that one would wait for ever.
  self.onmessageerror = () => post({ type: 'lost', why: 'a message of the page could not be read' });
}

function receiver(): (data: unknown) => void {
  const { handlers: lab, foresee } = createLab(post, code);
  if (import.meta.env.MODE !== 'testing') return createHost(lab, post, pageHidden, foresee);
  takePainted(paintedTiles(new URL('../painted.bin', import.meta.url)));
  const { handlers, hear } = holding(lab);
  const receive = createHost(handlers, post, pageHidden, foresee);
  return (data) => {
    receive(data);
    hear(data);
  };
}
