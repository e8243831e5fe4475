/** One scene as it is looked at: at each quarter turn its pixels, the boxes that are there, and those that a network finds. */
import type { SpatialArch } from '../spatial/arch';
import { answersOf } from '../spatial/measure';
import type { OpenSpatial } from '../spatial/network';
import { GROUPS } from '../symmetry/group';
import { turnPictures } from '../symmetry/turn';
import { type Detection, type Truth, turnBox } from './boxes';
import { detectionsIn } from './cells';
import { turnedPictures } from './learning';
import { SCENE_SIDE, type Scene, THINGS } from './scenes';

export interface SeenScene {
  /** side × side × 3 bytes. */
  readonly pixels: Uint8Array;
  readonly truths: readonly Truth[];
  /** By falling score, down to where they are not worth a word; null: no network looked at it. */
  readonly detections: readonly Detection[] | null;
}

export interface ShownScene {
  readonly side: number;
  readonly classes: readonly string[];
  /** At 0, 1, 2, 3 quarter turns counterclockwise. */
  readonly turns: readonly SeenScene[];
}

export async function shownScene(
  scene: Scene,
  network: { readonly open: OpenSpatial; readonly arch: SpatialArch } | null,
): Promise<ShownScene> {
  const turns: SeenScene[] = [];
  for (const turn of GROUPS.C4.elements) {
    const cells =
      network && (await answersOf(network.open, network.arch, turnedPictures({ scenes: [scene] }, turn)));
    turns.push({
      pixels: turnPictures(scene.pixels, SCENE_SIDE, 3, turn),
      truths: scene.things.map((thing) => ({ ...thing, box: turnBox(thing.box, SCENE_SIDE, turn) })),
      detections: cells && detectionsIn(cells, SCENE_SIDE, THINGS.length),
    });
  }
  return { side: SCENE_SIDE, classes: THINGS, turns };
}
