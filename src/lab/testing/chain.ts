/** A recipe that leaves something of every kind, small enough to be run again and again: what is damaged or killed in tests. */

/** `between`: stages between distilling and rounding. To be checked as any recipe that comes from outside. */
export function tinyChain(epochs: number, between: readonly object[] = []): object {
  const settings = { epochs, batch: 16, learningRate: 0.02 };
  return {
    version: 2,
    name: 'tiny chain',
    arch: { id: 'tiny', size: 8 },
    stages: [
      { kind: 'train', settings },
      { kind: 'distil', student: { hidden: 5 }, settings },
      ...between,
      { kind: 'quantise' },
      { kind: 'check' },
    ],
  };
}
