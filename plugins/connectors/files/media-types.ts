/** The media type of a file, by the ending of its name. */
export const mediaTypeOf = (name: string): string => types[/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream';

const types: Readonly<Record<string, string>> = {
  csv: 'text/csv', tsv: 'text/tab-separated-values', txt: 'text/plain', log: 'text/plain', md: 'text/markdown', html: 'text/html', htm: 'text/html',
  json: 'application/json', ndjson: 'application/x-ndjson', jsonl: 'application/x-ndjson', geojson: 'application/geo+json', xml: 'application/xml', yaml: 'application/yaml', yml: 'application/yaml',
  edi: 'application/edifact', x12: 'application/edi-x12',
  pdf: 'application/pdf', zip: 'application/zip', gz: 'application/gzip', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', xls: 'application/vnd.ms-excel',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', parquet: 'application/vnd.apache.parquet', avro: 'application/avro',
  png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', svg: 'image/svg+xml', webp: 'image/webp',
};
