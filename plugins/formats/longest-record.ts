import { FlowError } from '../sdk/index.ts';

/** Bytes, or letters, of one record. It is read as a whole, and what was packed may unpack without end. */
export const LONGEST_RECORD = 64 * 1024 * 1024;

export const recordTooLong = (record: string, remedy = 'Cut the document into shorter records where it comes from.'): FlowError =>
  new FlowError('DATA_TOO_LARGE', `${record} is longer than 64 MB.`, { remedy });
