import type { Asked } from './asked.ts';
import type { Settings } from './signals.ts';
/** What a request of `date-window` asks for. */
export interface WindowAsked {
    readonly records: readonly unknown[];
    /** Records of the whole window. */
    readonly total: number;
    /** From 0. */
    readonly page: number;
}
/** Records of a window of time. Each record lies at a time that the mock gives it, evenly over the span, whatever dates it holds. */
export declare function windowAsked(settings: Settings, asked: Asked, records: readonly unknown[], span: {
    readonly from: number;
    readonly to: number;
}, size: number): WindowAsked;
/** The span over which records are spread: that which the settings name, where it is fixed, else the thirty days before `now`. */
export declare function spanOf(settings: Settings, now: number): {
    readonly from: number;
    readonly to: number;
};
