/** As which events leave the service in bulk: each a line of JSON (https://ndjson.org), or as RFC 4180 has it. */
export const EXPORT_FORMATS = ['ndjson', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
