/** The worker's entry: wires the host to the thread's messages. */

import type { Message } from '../protocol/protocol';
import { createHost } from './host';
import { pageHidden } from './kernels';
import { createLab } from './lab';

const post = (message: Message) => self.postMessage(message);
const receive = createHost(createLab(post), post, pageHidden);
self.onmessage = ({ data }) => receive(data);
// It cannot even be said which job it was of, and that one would wait for ever.
self.onmessageerror = () => post({ type: 'lost', why: 'a message of the page could not be read' });
