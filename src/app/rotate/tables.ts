/** What is saved of the Rotate view, as tables. */

import type { Table } from '../../state/page/table';
import type { Look } from '../../state/rotate/looking';
import { SWEEP, type Sweep } from '../../state/rotate/sweep';

/** Every class's probability by each network at every angle. */
export function sweepTable(look: Look, sweep: Sweep): Table {
  const { shown, square, nets } = look;
  const rows = nets.flatMap((net, i) => {
    if (net.problem !== null) return [];
    return SWEEP.map((degrees, at) => ({ degrees, answer: sweep[at]?.[i] }))
      .sort((a, b) => a.degrees - b.degrees)
      .flatMap(({ degrees, answer }) =>
        answer
          ? net.classes.map((name, c) => [
              ...[net.title, degrees, name, answer.probabilities[c]],
              ...[c === answer.answer, answer.undecided],
            ])
          : [],
      );
  });
  return {
    name: `confidence by angle ${shown.brought.name}`,
    title: `Confidence by angle: ${shown.brought.name}`,
    columns: [
      'network',
      'angle (degrees counter-clockwise)',
      'class',
      'probability',
      'is the answer',
      'too close to call',
    ],
    rows,
    source: {
      picture: shown.brought.name,
      synthetic: shown.brought.synthetic,
      'tile: left (pixels)': square.left,
      'tile: top (pixels)': square.top,
      'tile: side (pixels)': square.side,
      turning: 'exact at right angles, else bilinear with the border mirrored',
    },
  };
}
