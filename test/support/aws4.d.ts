/** The one thing that the tests use of the package, which has no types of its own. */
declare module 'aws4' {
  interface Signed {
    readonly service: string;
    readonly region: string;
    readonly method: string;
    readonly host: string;
    readonly path: string;
    readonly headers: Record<string, string>;
    readonly extraHeadersToInclude: object;
  }
  const aws4: { sign(request: Signed, keys: { readonly accessKeyId: string; readonly secretAccessKey: string }): Signed };
  export default aws4;
}
