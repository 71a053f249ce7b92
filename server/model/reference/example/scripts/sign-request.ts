/** Adds the day, which Acme wants on every request. */
export default ({ request, settings }: { request: { headers: Record<string, string> }; settings: { header: string } }) => ({ headers: { ...request.headers, [settings.header]: new Date().toISOString().slice(0, 10) } });
