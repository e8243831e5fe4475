/**
 * The page's workers, all of one script, each with an engine of its own and started when it is first needed: so a
 * training run leaves the slider alive, and a large data set is decoded beside both.
 */
import { LabClient } from '../worker/client';
import { takeWorker } from './firstWorker';

/** A client with a worker of its own; `onLost` is told when that worker ends unasked. */
export const newClient = (onLost: (why: string) => void): LabClient => new LabClient(takeWorker, onLost);

export const catalogueUrl = (): string => new URL('models/index.json', document.baseURI).href;
