/** Many texts that are looked for at once. What a search costs depends on what is searched, hardly on how many texts there are. */
export interface TextIndex {
    /** As often as it is added it must be deleted until it is gone. */
    add(text: string): void;
    delete(text: string): void;
    /** Whether one of them is in a text. */
    isIn(text: string): boolean;
    /** Where they are: start and end of each place, those that overlap as one, in order. */
    placesIn(text: string): readonly (readonly [start: number, end: number])[];
}
/** Texts shorter than this cannot be added. */
export declare const shortestText = 4;
/**
 * A text is found by samples (Karp and Rabin, in strides): every so many letters a few of them are hashed, and of each text all windows are known in which
 * the next sample may fall. They lie at its end: tokens of one kind begin alike, but do not end alike. A field of bits says for nearly all samples that
 * there is nothing.
 */
export declare function textIndex(): TextIndex;
