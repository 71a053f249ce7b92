/** The target of the first link with the relation; relations are compared without case, as the RFC says. */
export function findLink(header: string, rel: string): string | undefined {
  for (const [, target = '', parameters = ''] of header.matchAll(/<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^",;\s]*))?)*)/g)) {
    const relations = parameterOf(parameters, 'rel').toLowerCase().split(/\s+/);
    if (relations.includes(rel.toLowerCase())) return target.trim();
  }
  return undefined;
}

function parameterOf(parameters: string, wanted: string): string {
  for (const [, name = '', quoted, plain = ''] of parameters.matchAll(/;\s*([^\s=;,]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^",;\s]*)))?/g)) {
    if (name.toLowerCase() === wanted) return quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1');
  }
  return '';
}
