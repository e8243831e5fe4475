/** The manifests under `datasets/`, as they were when the page was built. */
import { isMade, type Manifest, type Published, parseManifest } from '../../lab/data/fetch/manifest';

const files = import.meta.glob('../../../datasets/*.json', { eager: true, import: 'default' });

export const MANIFESTS: readonly Manifest[] = Object.entries(files).map(([file, value]) =>
  parseManifest(value, file),
);

/** What is downloaded for a set: its own files, or those of the set it is made from. */
export function sourceOf(manifest: Manifest): Published {
  const source = isMade(manifest) ? MANIFESTS.find(({ name }) => name === manifest.rotated) : manifest;
  if (!source || isMade(source))
    throw new Error(`datasets/${manifest.name}.json is made from no published set`);
  return source;
}
