/** A network as a file in C, made for the page, where no compiler is. Loaded when the first one is asked for. */
import type { CRounding } from '../../lab/files/c/choices';
import { makeC } from '../../lab/files/c/make';
import { cFolder, cWords } from '../../lab/files/c/readme';
import { zipFolder } from '../../lab/files/takeAlong/zip';
import type { AnyModel } from '../../lab/nn/model';
import type { ExportedFiles } from '../protocol/results';

export async function cFiles(model: AnyModel, folder: string, rounding: CRounding): Promise<ExportedFiles> {
  const made = await makeC(model, rounding);
  return {
    network: new TextEncoder().encode(made.network.text),
    zip: await zipFolder(folder, cFolder(made, null)),
    said: cWords(made, null),
  };
}
