/** Putting tiles in an order that can be cut short. */

/** Positions 0 … n−1 of `labels`, one of each class in turn: every prefix holds the classes evenly. */
export function interleaveClasses(labels: ArrayLike<number>): Uint32Array {
  const seen = new Map<number, number>();
  const round = Uint32Array.from(labels, (label) => {
    const count = seen.get(label) ?? 0;
    seen.set(label, count + 1);
    return count;
  });
  return Uint32Array.from(labels, (_, i) => i).sort(
    (a, b) => round[a] - round[b] || labels[a] - labels[b] || a - b,
  );
}
