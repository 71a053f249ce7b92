/** The description of the API in OpenAPI 3.1, made of the table of routes. */
export declare function openApi(): object;
/** The text of `server/api/openapi.json`. */
export declare const openApiText: () => string;
