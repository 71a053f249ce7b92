import type { ConnectorManifest } from '../model/connector.ts';
import { createSecrets, type KnownSecrets } from './known-secrets.ts';

/** What an import makes of a description. Nothing in it is a secret: values that look like one are named in `skipped` and left out. */
export interface ImportResult {
  readonly manifest: ConnectorManifest;
  /** What the manifest does not hold, and why. What is the same in many places stands once, with the first of them. */
  readonly skipped: readonly Skipped[];
  /** What the description seems to say without saying it. For a person to accept, the likeliest first; none of it is in the manifest. */
  readonly suggestions: readonly Suggestion[];
  /** Operations, requests or entries that the source holds. Each is an endpoint, or stands in `skipped`, or is the same as another. */
  readonly operations: number;
  /** What the description files its operations under, by endpoint; for who wants a part of it. */
  readonly tags?: Readonly<Record<string, readonly string[]>>;
}

export interface Skipped {
  readonly what: string;
  readonly why: string;
}

export interface Suggestion {
  readonly kind: 'pagination' | 'auth' | 'direction';
  /** Where it belongs; without one, to the connector. */
  readonly endpoint?: string;
  /** What would stand in the manifest. */
  readonly value: unknown;
  /** From 0 to 1. */
  readonly score: number;
  readonly why: string;
}

/** Collects what is said while a description is read. */
export interface Report {
  skip(what: string, why: string): void;
  suggest(suggestion: Suggestion): void;
  /** Is told each secret of the source, so that it is hidden wherever else it stands. */
  readonly hide: KnownSecrets['hide'];
  readonly clean: KnownSecrets['clean'];
  readonly skipped: readonly Skipped[];
  readonly suggestions: readonly Suggestion[];
}

export function createReport(): Report {
  const byReason = new Map<string, Set<string>>();
  const suggestions: Suggestion[] = [];
  const { hide, clean } = createSecrets();
  return {
    hide, clean,
    skip: (what, why) => {
      const known = byReason.get(why);
      if (known) known.add(what);
      else byReason.set(why, new Set([what]));
    },
    suggest: (suggestion) => void suggestions.push(suggestion),
    get skipped() {
      return Array.from(byReason, ([why, all]) => ({ what: all.size === 1 ? [...all][0]! : `${[...all][0]!}, and ${all.size - 1} more`, why }));
    },
    get suggestions() {
      return suggestions.toSorted((left, right) => right.score - left.score);
    },
  };
}

/** What an import gives: nothing in it holds a secret that was seen in the source, or a text that looks like one. */
export function resultOf(report: Report, manifest: ConnectorManifest, operations: number): ImportResult {
  const places = new Set<string>();
  const cleaned = report.clean(manifest, (place) => places.add(placeOf(place)));
  for (const place of places) report.skip(place, 'A text there looked like a secret, and was hidden.');
  return { manifest: cleaned, skipped: report.clean(report.skipped), suggestions: report.clean(report.suggestions), operations };
}

const placeOf = ([first = '', name = '']: readonly string[]): string => (first === 'endpoints' ? `A part of the endpoint ${name}` : `A part of ${first} of the connector`);
