/** Where the payload of a run lies that is too long for the recording, as long as the run is under way. */
export declare const inputFile: (root: string, run: string) => string;
/** Removes the files of runs that are over: their process died before it could. Files have the time of the machine, whatever `now` is elsewhere. */
export declare function removeStrayInputs(root: string, isOpen: (run: string) => boolean, now?: number): void;
