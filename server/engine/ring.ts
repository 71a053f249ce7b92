/** What waits in front of a step, first in, first out; nothing is kept of what was taken. */
export class Ring<T> {
  /** Its length is a power of two, so that a place is found with a mask. */
  #items: (T | undefined)[] = emptyRing();
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** What would be taken next. */
  get first(): T | undefined {
    return this.#items[this.#head];
  }

  push(item: T): void {
    if (this.#size === this.#items.length) this.#grow();
    this.#items[(this.#head + this.#size++) & (this.#items.length - 1)] = item;
  }

  /** `undefined` where nothing waits. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    // The room that a great many have taken is given back.
    if (--this.#size === 0 && this.#items.length > 1024) this.clear();
    return item;
  }

  clear(): void {
    this.#items = emptyRing();
    this.#head = 0;
    this.#size = 0;
  }

  #grow(): void {
    const { length } = this.#items;
    this.#items = [...this.#items.slice(this.#head), ...this.#items.slice(0, this.#head), ...Array.from<undefined>({ length })];
    this.#head = 0;
  }
}

const emptyRing = <T>(): (T | undefined)[] => [undefined, undefined, undefined, undefined, undefined, undefined, undefined, undefined];
