import type { Detection } from '../model/trial.ts';
export interface Sample {
    readonly request?: {
        readonly method?: string;
        readonly url?: string;
        readonly headers?: Readonly<Record<string, string>>;
        readonly body?: unknown;
    };
    readonly response?: {
        readonly status?: number;
        readonly headers?: Readonly<Record<string, string>>;
        readonly body?: unknown;
    };
}
export declare function detect(samples: readonly Sample[]): Detection;
