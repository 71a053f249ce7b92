/** The few things that the tests use of the package, which has no types of its own. */
declare module 'swagger-client' {
  export interface SwaggerRequest {
    url: string;
    method: string;
    headers: Record<string, string>;
    userFetch?: (url: string, request: RequestInit) => Promise<Response>;
  }
  const client: {
    buildRequest(options: {
      readonly spec: object;
      readonly operationId: string;
      readonly parameters: object;
      readonly requestBody?: unknown;
      readonly requestContentType?: string;
      readonly contextUrl?: string;
      readonly securities?: { readonly authorized: object; readonly specSecurity?: readonly object[] };
    }): SwaggerRequest;
    http(request: SwaggerRequest): Promise<unknown>;
  };
  export default client;
}
