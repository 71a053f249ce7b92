import type { RecordConverter } from '../../plugins/sdk/index.ts';
import type { SoapBody } from '../model/connector.ts';
import type { Judge } from './verdict.ts';
/** A SOAP envelope around XML. */
export declare function envelopeOf({ version }: SoapBody, { body, header }: {
    readonly body: string;
    readonly header: string;
}): string;
/** A fault says more than the status beside it: whose it is, and why. `reader`: of XML, without prefixes. */
export declare const soapJudge: (reader: RecordConverter) => Judge;
