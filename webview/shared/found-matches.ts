import type { BodyFound, BodyMatch, FindRequest } from '../../server/model/body-find.ts';

export type FindIn = (request: FindRequest) => Promise<BodyFound>;

const pageSize = 100;
const pagesKept = 20;
const passOver = 1_000_000;

/** Where a text stands in a body: any match can be asked for, and while the first ones are shown the rest is counted. A few pages of matches are kept. */
export class FoundMatches {
  readonly text: string;
  /** Matches counted so far. */
  total = 0;
  /** Whether all of the body was looked through. */
  isComplete = false;
  private readonly find: FindIn;
  private readonly pages = new Map<number, readonly BodyMatch[]>();
  /** Places of the body where a call has stopped, with how many matches lie before. */
  private readonly marks: { readonly before: number; readonly cursor?: string }[] = [{ before: 0 }];
  private isEnded = false;

  constructor(find: FindIn, text: string) {
    this.find = find;
    this.text = text;
  }

  /** Nothing more is asked for. */
  end(): void {
    this.isEnded = true;
  }

  /** Looks through what is left of the body; `changed` is called as the count rises. */
  async countAll(changed: () => void): Promise<void> {
    while (!this.isComplete && !this.isEnded) {
      await this.ask(this.marks.at(-1)!, passOver, 1);
      changed();
    }
  }

  /** The match with this number, from 0; `undefined` where there are not so many. */
  async at(index: number): Promise<BodyMatch | undefined> {
    const page = Math.floor(index / pageSize);
    return (this.pages.get(page) ?? (await this.load(page)))[index % pageSize];
  }

  private async load(page: number): Promise<readonly BodyMatch[]> {
    const first = page * pageSize;
    let mark = this.marks.findLast(({ before }) => before <= first)!;
    const matches: BodyMatch[] = [];
    while (matches.length < pageSize && !this.isEnded) {
      const found = await this.ask(mark, Math.max(0, first - mark.before), pageSize - matches.length);
      matches.push(...found.matches);
      if (found.cursor === undefined) break;
      mark = { before: mark.before + found.skipped + found.matches.length, cursor: found.cursor };
    }
    this.pages.set(page, matches);
    if (this.pages.size > pagesKept) this.pages.delete(this.pages.keys().next().value!);
    return matches;
  }

  private async ask({ before, cursor }: { readonly before: number; readonly cursor?: string }, skip: number, limit: number): Promise<BodyFound> {
    const found = await this.find({ text: this.text, skip, limit, ...(cursor !== undefined && { cursor }) });
    const end = before + found.skipped + found.matches.length;
    this.total = Math.max(this.total, end);
    if (found.cursor === undefined) this.isComplete = true;
    else if (found.cursor !== this.marks.at(-1)!.cursor && end >= this.marks.at(-1)!.before) this.marks.push({ before: end, cursor: found.cursor });
    return found;
  }
}
