import type { Journal } from '../engine/resume.ts';
import type { ReplayDifference } from '../model/api.ts';
/** The bodies that a replay makes. Nothing of it is recorded, so what is different in them can be said only while they are here. */
export interface ReplayedBodies {
    keep(hash: string, data: string | Uint8Array): void;
    /** The first differences with what is different in the bodies. `body`: a recorded body by its name. */
    explain(differences: readonly ReplayDifference[], body: (hash: string) => Promise<Uint8Array>): Promise<readonly ReplayDifference[]>;
}
export declare function replayedBodies(journal: Journal): ReplayedBodies;
