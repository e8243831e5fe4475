import type { Command } from 'commander';
import type { RateSweep } from '../../src/lab/train/rateSweep';
import { rateWords, sweepOf, type TrainingOptions, withTraining } from '../training';
import { type OutputOptions, print } from '../work';

/** `rate <design>`: the learning rate that such a training can take, found on training tiles. */
export function rate(program: Command): void {
  withTraining(program.command('rate <design>'))
    .description('find a learning rate by a short sweep over training tiles; nothing is kept')
    .action(async (design: string, options: TrainingOptions & OutputOptions) => {
      const sweep = await sweepOf(design, options);
      print(sweep, options, () => [...curveOf(sweep), '', rateWords(sweep)]);
    });
}

const BAR = 40;

/** The curve on a terminal: every fourth step, and the one chosen. */
function curveOf({ points, chosen, least }: RateSweep): string[] {
  const most = points[0].loss * 1.5;
  const near = chosen === null ? -1 : nearest(points, chosen);
  const rows = points.flatMap(({ rate, loss }, i) => {
    if (i % 4 !== 0 && i !== near && rate !== least.rate) return [];
    const bar = '#'.repeat(Math.round((BAR * Math.min(loss, most)) / most));
    const mark = i === near ? '  <- chosen' : rate === least.rate ? '  <- least' : '';
    return [[rate.toPrecision(2), loss.toFixed(3), `${bar}${loss > most ? '>' : ''}${mark}`]];
  });
  const widths = [0, 1].map((at) => Math.max(...rows.map((row) => row[at].length), 4));
  return [
    `${'rate'.padEnd(widths[0])}  ${'loss'.padStart(widths[1])}`,
    ...rows.map(([at, loss, bar]) => `${at.padEnd(widths[0])}  ${loss.padStart(widths[1])}  ${bar}`),
  ];
}

/** The place of the rate nearest to one, by their ratio. */
function nearest(points: RateSweep['points'], rate: number): number {
  const apart = points.map((each) => Math.max(each.rate / rate, rate / each.rate));
  return apart.indexOf(Math.min(...apart));
}
