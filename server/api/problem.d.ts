import type { ServerResponse } from 'node:http';
import type { Problem } from '../model/api.ts';
/** What a caller may know of an error. An unexpected one keeps its message and its stack to itself: they tell of files and code. */
export declare function problemOf(error: unknown, status?: number): Problem;
/** Answers with a problem, unless an answer has begun: then the connection is cut, so that nobody takes half an answer for a whole one. */
export declare function sendProblem(response: ServerResponse, problem: Problem, headers?: Readonly<Record<string, string>>): void;
/** Headers of every answer that is no page. Nothing of it is ever to be shown as a page, so a stored script cannot come to life. */
export declare const apiHeaders: Readonly<Record<string, string>>;
