/** A tile for those who have none at hand: painted by the lab, given to the page as a file like any other. */
import { SIDE } from '../../../lab/data/synthetic/canvas';
import { classify } from '../../drivers/session';

/** Every press paints another one: class after class. */
let painted = 0;

export async function askAboutPaintedTile(): Promise<void> {
  // The painter is a page of scripts of its own.
  const { syntheticTile, SYNTHETIC_SEED } = await import('../../../lab/data/synthetic');
  const { EUROSAT_CLASSES } = await import('../../../lab/data/readers/eurosat');
  const label = painted % EUROSAT_CLASSES.length;
  const pixels = syntheticTile(label, Math.floor(painted / EUROSAT_CLASSES.length), SYNTHETIC_SEED);
  painted++;
  const picture = new ImageData(SIDE, SIDE);
  for (let p = 0; p < SIDE * SIDE; p++) picture.data.set([...pixels.subarray(3 * p, 3 * p + 3), 255], 4 * p);
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  canvas.getContext('2d')!.putImageData(picture, 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  await classify(new File([blob], `painted ${EUROSAT_CLASSES[label]}.png`, { type: 'image/png' }));
}
