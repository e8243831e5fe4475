import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heap } from './heap';

test('blocks never overlap, keep their slack, and join again when all are freed', () => {
  const steps = fc.array(fc.record({ bytes: fc.integer({ min: 0, max: 300_000 }), frees: fc.nat(5) }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const memory = new WebAssembly.Memory({ initial: 1 });
      const heap = new Heap(memory);
      const held: { start: number; bytes: number }[] = [];
      for (const { bytes, frees } of all) {
        held.push({ start: heap.allocate(bytes), bytes });
        for (let i = 0; i < frees && held.length > 3; i++)
          heap.release(held.splice((i * 7) % held.length, 1)[0].start);
        const sorted = [...held].sort((a, b) => a.start - b.start);
        sorted.forEach((block, i) => {
          const end = block.start + block.bytes + 16;
          expect(block.start % 64).toBe(0);
          expect(end).toBeLessThanOrEqual(sorted[i + 1]?.start ?? memory.buffer.byteLength);
        });
      }
      for (const { start } of held) heap.release(start);
      expect([heap.bytes, heap.blocks]).toEqual([0, 0]);
      // All that was freed is one range again: as much as there ever was fits into it.
      const { byteLength } = memory.buffer;
      if (held.length > 0) {
        heap.allocate(byteLength - 65536 - 64);
        expect(memory.buffer.byteLength).toBe(byteLength);
      }
    }),
  );
});
