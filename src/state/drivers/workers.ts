/**
 * The page's workers. Those with an engine are all of one script, each with one of its own and started when it is first needed: so a
 * training run leaves the slider alive, and a large data set is decoded beside both.
 */
import { LabClient } from '../../worker/page/client';
import { Helpers } from '../../worker/page/helpers';
import { PictureReader } from '../../worker/page/pictureReader';
import { SureWorker } from '../../worker/page/sureWorker';
import kernelThread from '../../worker/thread/kernelThread.ts?worker&url';
import pictureWorker from '../../worker/thread/pictureWorker.ts?worker&url';
import { takeWorker } from './firstWorker';
import { startWorker } from './startWorker';

/** A client with a worker of its own; `onLost` is told when that worker ends unasked. */
export function newClient(onLost: (why: string) => void): LabClient {
  const client = new LabClient(takeWorker, onLost, new Helpers(newHelper));
  const tell = () => client.setHidden(document.hidden);
  document.addEventListener('visibilitychange', tell);
  tell();
  return client;
}

const newHelper = (): SureWorker => new SureWorker(() => startWorker(kernelThread));

/** Decodes pictures in a small worker of another script. */
export const newPictureReader = (): PictureReader =>
  new PictureReader(() => new SureWorker(() => startWorker(pictureWorker)));

export const catalogueUrl = (): string => new URL('models/index.json', document.baseURI).href;
