/** What waits in front of a step, first in, first out; nothing is kept of what was taken. */
export declare class Ring<T> {
    #private;
    get size(): number;
    push(item: T): void;
    /** `undefined` where nothing waits. */
    shift(): T | undefined;
    clear(): void;
}
