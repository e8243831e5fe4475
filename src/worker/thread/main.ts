/** The worker's entry: wires the host to the thread's messages. */

import type { Message } from '../protocol/protocol';
import { createHost } from './host';
import { createLab } from './lab';

const post = (message: Message) => self.postMessage(message);
const receive = createHost(createLab(post), post);
self.onmessage = ({ data }) => receive(data);
