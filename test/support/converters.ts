import csv from '../../plugins/converters/csv.ts';
import ndjson from '../../plugins/converters/ndjson.ts';
import xml from '../../plugins/converters/xml.ts';
import { FlowError, type Converter } from '../../plugins/sdk/index.ts';
import type { ConverterOf } from '../../server/engine/request-body.ts';
import { completeSettings } from '../../server/runner/complete-settings.ts';

const all = [csv, ndjson, xml] as unknown as readonly Converter[];

/** The built-in converters of bodies. */
export const converterOf: ConverterOf = async (type, settings = {}) => {
  const converter = all.find((one) => one.type === type);
  if (!converter) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no converter ${type}.`);
  return converter.open(completeSettings(converter, settings) as never);
};
