export interface Usable {
  readonly isUsed: boolean;
  /** It may be used by this one alone. */
  readonly takenBy?: string;
}

export const isFree = ({ isUsed, takenBy }: Usable, by: string): boolean => !isUsed && (takenBy === undefined || takenBy === by);

/** What may be used once, in lines with a key each, in the order in which it came. What is used at the head of a line is not looked at again: lines are long. */
export class Lines<T extends Usable> {
  readonly #lines = new Map<string, { readonly items: T[]; head: number }>();

  add(key: string, item: T): void {
    const line = this.#lines.get(key);
    if (line) line.items.push(item);
    else this.#lines.set(key, { items: [item], head: 0 });
  }

  has(key: string): boolean {
    return this.#lines.has(key);
  }

  keys(): Iterable<string> {
    return this.#lines.keys();
  }

  /** Those that are free for it. */
  *all(key: string, by: string): Generator<T> {
    const line = this.#lines.get(key);
    if (!line) return;
    while (line.items[line.head]?.isUsed) line.head++;
    for (let index = line.head; index < line.items.length; index++) if (isFree(line.items[index]!, by)) yield line.items[index]!;
  }

  first(key: string, by: string, fits: (item: T) => boolean = () => true): T | undefined {
    for (const item of this.all(key, by)) if (fits(item)) return item;
    return undefined;
  }

  /** What was used may be free again. */
  rewind(): void {
    for (const line of this.#lines.values()) line.head = 0;
  }
}
