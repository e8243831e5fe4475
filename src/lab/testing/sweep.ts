/** A recipe that has a step of every kind that a sweep over machines must know to wait for, on the smallest network. */

/** To be checked as any recipe that comes from outside; it leaves some twenty records. seed: also of the recipe. */
export function tinySweep(seed = 1, epochs = 2): object {
  const settings = { epochs, batch: 16, learningRate: 0.02 };
  const finetune = { epochs: 1, batch: 16, tolerance: 0, excellent: 0 };
  return {
    version: 2,
    name: 'tiny sweep',
    seed,
    arch: { id: 'tiny', size: 8 },
    stages: [
      { kind: 'train', settings },
      { kind: 'check', part: 'val' },
      {
        kind: 'sweep',
        name: 'heads',
        neurons: { ratios: [0.5], methods: ['l2', 'variance'], compensations: ['none', 'mean'], finetune },
      },
      // Everything is allowed: the rule always has something to choose.
      { kind: 'quantise', name: 'integers', from: { of: 'heads', smallest: 'params', within: 1 } },
      { kind: 'check', part: 'test', angles: [0, 90] },
      { kind: 'distil', name: 'student', from: 'train', student: { hidden: 5 }, settings },
      { kind: 'prune-fields', name: 'smaller', ratio: 0.3, method: 'l2' },
      { kind: 'finetune', name: 'tuned', settings: { ...finetune, scope: 'network' } },
      { kind: 'check', part: 'val' },
      {
        kind: 'study',
        name: 'cells',
        from: 'train',
        ratios: [0.5],
        neurons: { methods: ['l2'], compensations: ['none'] },
        channels: { methods: ['l2'], layer: 2 },
        head: finetune,
        network: null,
      },
    ],
  };
}
