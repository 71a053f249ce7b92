/** Where the mock tells what it is and is told what to do. */
export const controlPath = '/_mock';
/** Milliseconds that an answer would have taken, or `time-out` where none would have come. */
export const waitsHeader = 'x-mock-waits';

/** The fixed path of the base URL: what stands behind the host, or behind the setting that gives it. */
export function basePathOf(baseUrl: string): string {
  const fixed = baseUrl.replace(/^https?:\/\/[^/]*(\{\{.*?\}\}[^/]*)*/, '').replace(/^\{\{.*?\}\}/, '');
  return fixed.replaceAll(/\{\{.*?\}\}/g, 'x').replace(/\/+$/, '').replace(/^(?=[^/])/, '/');
}
