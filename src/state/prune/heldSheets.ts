/**
 * The curves of a transformer's units and rankings that were looked at, held while it is open: who comes back to one, by undo
 * for instance, has them at once.
 */
import type { Sheet } from '../../lab/prune/neurons/sheet';
import { NETS, type NetName, type Way } from '../../worker/protocol/choices';
import { useExperiment } from './experiment';
import { measuredCurve, useSheets } from './sheets';
import { isOf } from './way';

const held = new Map<string, Sheet>();

const keyOf = (net: NetName, { unit, ranking }: Pick<Sheet, 'unit' | 'ranking'>): string =>
  `${net} ${unit} ${ranking}`;

/** Takes curves that arrive; true where they are shown: those of other units than are asked for are not. */
export function putSheet(net: NetName, sheet: Sheet): boolean {
  const known = held.get(keyOf(net, sheet));
  if (known && isStepBack(known, sheet)) return false;
  held.set(keyOf(net, sheet), sheet);
  if (!isOf(useExperiment.getState().way, sheet)) return false;
  useSheets.setState({ [net]: sheet });
  return true;
}

/**
 * Shows what is held of a way. Where nothing is, what was shown stays until it arrives, unless the chosen curve is not on it:
 * then there is nothing to show.
 */
export function turnSheets(way: Way): void {
  const { method, compensation } = useExperiment.getState().setting;
  for (const net of NETS) {
    const shown = useSheets.getState()[net];
    if (!shown || isOf(way, shown)) continue;
    const all = [held.get(keyOf(net, way)), shown];
    const sheet = all.find((each) => each && measuredCurve(each, method, compensation)) ?? null;
    useSheets.setState({ [net]: sheet });
  }
}

/** Of other networks nothing is known. */
export function forgetSheets(): void {
  held.clear();
  useSheets.setState({ main: null, peer: null });
}

/** After a restart the curves of all tiles stay; those of the first tiles, and the first curve alone, would be a step back. */
const isStepBack = (known: Sheet, { ofTiles, tiles, curves }: Sheet): boolean =>
  known.ofTiles === ofTiles && (known.tiles > tiles || known.curves.length > curves.length);
