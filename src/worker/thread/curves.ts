/** The curves that the sheet of a transformer, or of a network from elsewhere, is missing still, measured while nobody waits for anything else. */
import { BadInput } from '../../lab/errors';
import type { NetName } from '../protocol/choices';
import type { Handlers } from './host';
import type { StopSlider } from './stopSlider';

/** `opened` finds what was opened last; `isWaited`: whether anything was asked for after the job of that number. */
export function createCurvesHandler(
  opened: (net: NetName) => StopSlider | null,
  isWaited: (job: number) => boolean,
): Pick<Handlers, 'curves'> {
  return {
    async *curves({ id, net, way, chosen }) {
      const slider = opened(net);
      if (!slider) throw new BadInput('Open a network before its curves are measured.');
      if (slider.isAt(way)) {
        if (isWaited(id)) return false;
      } else {
        // What is shown from now on is of these units: their first curve at least is waited for.
        yield* slider.turnTo(way);
        yield* slider.show(net, chosen);
      }
      for (;;) {
        const next = slider.missing(chosen);
        if (!next) return true;
        if (isWaited(id)) return false;
        yield* slider.measure(net, next);
      }
    },
  };
}
