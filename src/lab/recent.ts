/** What was made last, so that it need not be made again, within a bound: the least recently used goes first. */
export class Recent<Key, Value> {
  private readonly kept = new Map<Key, Value>();
  private weight = 0;

  /** most: the weight held at most, but for a single value that is heavier. */
  constructor(
    private readonly most: number,
    private readonly weightOf: (value: Value) => number,
    /** What is to be done with a value that goes. */
    private readonly drop: (value: Value) => void = () => {},
  ) {}

  /** The value that is held of a key, or that is made of it now. */
  get(key: Key, make: () => Value): Value {
    const value = this.kept.has(key) ? this.take(key) : make();
    this.kept.set(key, value);
    this.weight += this.weightOf(value);
    for (const oldest of this.kept.keys()) {
      if (this.weight <= this.most || oldest === key) break;
      this.drop(this.take(oldest));
    }
    return value;
  }

  private take(key: Key): Value {
    const value = this.kept.get(key)!;
    this.kept.delete(key);
    this.weight -= this.weightOf(value);
    return value;
  }
}
