import csv from '../../plugins/converters/csv.ts';
import ndjson from '../../plugins/converters/ndjson.ts';
import xml from '../../plugins/converters/xml.ts';
import { FlowError, type Converter, type RecordConverter } from '../../plugins/sdk/index.ts';
import type { ConverterOf } from '../../server/engine/request-body.ts';
import { completeSettings } from '../../server/runner/complete-settings.ts';

const all = [csv, ndjson, xml] as unknown as readonly Converter[];

/** The built-in converters of bodies. */
export const converterOf: ConverterOf = async (type, settings = {}) => {
  const converter = all.find((one) => one.type === type);
  if (!converter) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no converter ${type}.`);
  return opened(converter, settings);
};

/** With the settings completed, as the runner does it. */
export const opened = (converter: Converter, settings: object = {}): RecordConverter => converter.open(completeSettings(converter, settings) as never);
