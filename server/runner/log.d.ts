/** What the runner has to say to those who run it; the log of a run is in its recording. */
export interface RunnerLog {
    debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
    info(message: string, fields?: Readonly<Record<string, unknown>>): void;
    warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
    error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
export declare const silentLog: RunnerLog;
/** Lines of JSON on stderr: stdout belongs to the data. */
export declare function stderrLog(level?: 'debug' | 'info' | 'warn' | 'error'): RunnerLog;
/** The same log with secrets masked in all that goes through it. */
export declare function maskedLog(log: RunnerLog, mask: <T>(value: T) => T): RunnerLog;
