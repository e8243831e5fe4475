import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { totalCost } from '../../evaluate/cost';
import type { ArchSpec } from '../../families/gcnn/arch';
import { uniform } from '../../random';
import { finish } from '../../stage/events';
import { tinyArch } from '../../testing/tiny';
import { archOf, orderRemovals } from './rank';
import { fitFallingCurve, keptByTime, type Measure } from './time';

const BLOCKS = [1, 2, 3];
const arch: ArchSpec = {
  ...tinyArch(),
  blocks: [
    { fields: 8, kernel: 3, pool: true },
    { fields: 12, kernel: 3, pool: false },
    { fields: 16, kernel: 3, pool: false },
  ],
};
const saliencies = arch.blocks.map(({ fields }, i) =>
  Float64Array.from({ length: fields }, (_, f) => 1 + ((f * 7 + i * 3) % fields) + i / 10),
);

/** Seconds that rise with the multiply-adds, and by `bumps` where a layer's fields do not fill a vector of four. */
const trueTime =
  (bumps: number) =>
  (each: ArchSpec): number => {
    const ragged = each.blocks.filter(({ fields }) => fields % 4 !== 0).length;
    return (2e-5 + 1e-10 * totalCost(each).macs) * (1 + bumps * ragged);
  };

/** A device: every time is off by up to `noise`, and all of a call by the same load, between 1 and 3. */
function device(timeOf: (each: ArchSpec) => number, noise: number, seed: number) {
  const calls: (readonly number[])[] = [];
  const measure: Measure = async (archs) => {
    const draw = uniform(seed, 'clock', calls.length);
    const load = 1 + 2 * draw();
    const times = archs.map((each) => timeOf(each) * load * (1 + noise * (2 * draw() - 1)));
    calls.push(times);
    return times;
  };
  return { measure, calls };
}

const anyShare = fc.integer({ min: 350, max: 1000 }).map((share) => share / 1000);
const seeds = fc.integer({ min: 1, max: 1e6 });

async function chosen(measure: Measure, share: number) {
  const stage = keptByTime(arch, saliencies, { of: 'latency', share }, BLOCKS, measure);
  const { kept, reached } = await finish(stage);
  return { smaller: archOf(arch, kept), kept, reached };
}

describe('a budget of time', () => {
  test('by an exact clock, whatever the load: met with the fewest removals', () =>
    fc.assert(
      fc.asyncProperty(anyShare, seeds, async (share, seed) => {
        const timeOf = trueTime(0);
        const { measure } = device(timeOf, 0, seed);
        const { kept, reached, smaller } = await chosen(measure, share);
        const { most, after } = orderRemovals({ of: 'latency', share }, saliencies, BLOCKS);
        const shareOf = (count: number) => timeOf(archOf(arch, after(count))) / timeOf(arch);
        const fewest = Array.from({ length: most + 1 }, (_, count) => count).find(
          (count) => shareOf(count) <= share * (1 + 1e-9),
        );
        expect(kept).toEqual(after(fewest!));
        expect(reached.share).toBeCloseTo(timeOf(smaller) / timeOf(arch), 9);
      }),
    ));

  test('by a noisy clock over times that do not fall evenly: what is claimed was measured, and is nearly so', () =>
    fc.assert(
      fc.asyncProperty(anyShare, seeds, fc.constantFrom(0.02, 0.08), async (share, seed, noise) => {
        const timeOf = trueTime(0.04);
        const { measure, calls } = device(timeOf, noise, seed);
        const { smaller, reached } = await chosen(measure, share);
        const truth = timeOf(smaller) / timeOf(arch);
        const most = (1 + noise) / (1 - noise);
        if (share < 1) {
          // The claim is one of the last measurements, of the network that was chosen.
          const last = calls.slice(-3).map(([whole, own]) => own / whole);
          expect(last).toContain(reached.share);
          expect(reached.share / truth).toBeLessThanOrEqual(most);
          expect(truth / reached.share).toBeLessThanOrEqual(most);
        }
        expect(reached.share).toBeLessThanOrEqual(share);
        expect(calls.length).toBe(reached.measurements);
        expect(calls.length).toBeLessThan(40);
        // Nor is far too much gone: half of what was to stay would be.
        expect(truth).toBeGreaterThan(share * 0.6);
      }),
    ));

  test('a load that comes and goes between two measurements changes nothing', async () => {
    const timeOf = trueTime(0);
    const quiet = await chosen(device(timeOf, 0, 1).measure, 0.5);
    let calls = 0;
    // The first call runs on a busy device: alone it would make every budget look met.
    const busy: Measure = async (archs) => {
      const load = calls++ === 0 ? 4 : 1;
      return archs.map((each) => load * timeOf(each));
    };
    expect((await chosen(busy, 0.5)).kept).toEqual(quiet.kept);
  });

  test('a network that is over when it is measured again gives up more fields', async () => {
    const timeOf = trueTime(0);
    const { smaller: first } = await chosen(device(timeOf, 0, 1).measure, 0.6);
    const size = totalCost(first).macs;
    let seen = 0;
    // From its second measurement on, this one network turns out slow.
    const measure: Measure = async (archs) =>
      archs.map((each) => timeOf(each) * (totalCost(each).macs === size && ++seen > 2 ? 1.5 : 1));
    const { smaller, reached } = await chosen(measure, 0.6);
    expect(totalCost(smaller).macs).toBeLessThan(size);
    expect(reached.share).toBeLessThanOrEqual(0.6);
  });

  test('one that no network meets is refused, after looking more than once, and so is one met by chance', async () => {
    const timeOf = () => 1;
    const { measure, calls } = device(timeOf, 0.05, 3);
    await expect(chosen(measure, 0.5)).rejects.toThrow(/still has .* % of its time/);
    expect(calls.length).toBeGreaterThan(2);
    let called = 0;
    const lucky: Measure = async (archs) => archs.map((_, i) => (i === 1 && called++ === 0 ? 0.4 : 1));
    await expect(chosen(lucky, 0.5)).rejects.toThrow(/still has 100\.0 % of its time/);
  });

  test('a clock without hands, and a share that is none, are refused; the whole network needs no clock', async () => {
    const never: Measure = () => Promise.reject(new Error('nothing is timed here'));
    expect((await chosen(never, 1)).smaller).toEqual(arch);
    await expect(chosen(never, 0)).rejects.toThrow(BadInput);
    await expect(chosen(async (archs) => archs.map(() => 0), 0.5)).rejects.toThrow(/too fast for the clock/);
  });

  test('the fitted curve never rises, keeps the weighted sum, and leaves a falling one as it is', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            value: fc.double({ min: 0, max: 2, noNaN: true }),
            weight: fc.integer({ min: 1, max: 4 }),
          }),
          {
            minLength: 1,
            maxLength: 12,
          },
        ),
        (values) => {
          const points = values.map(({ value, weight }, count) => ({ count, weight, sum: value * weight }));
          const fitted = fitFallingCurve(points);
          expect(fitted.map(({ count }) => count)).toEqual(points.map(({ count }) => count));
          fitted.slice(1).forEach(({ value }, i) => {
            expect(value).toBeLessThanOrEqual(fitted[i].value + 1e-12);
          });
          const total = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
          expect(total(fitted.map(({ value, weight }) => value * weight))).toBeCloseTo(
            total(points.map(({ sum }) => sum)),
            9,
          );
          const sorted = [...points].sort((a, b) => b.sum / b.weight - a.sum / a.weight);
          const again = fitFallingCurve(sorted.map((point, count) => ({ ...point, count })));
          again.forEach(({ value }, i) => {
            expect(value).toBeCloseTo(sorted[i].sum / sorted[i].weight, 9);
          });
        },
      ),
    ));
});
