/** A piece of a line of a note. */
export interface NotePiece {
  readonly text: string;
  readonly as: 'plain' | 'strong' | 'emphasis' | 'code';
}

export interface NoteLine {
  readonly as: 'plain' | 'heading' | 'item';
  readonly pieces: readonly NotePiece[];
}

/** What of Markdown a note shows in its look: headings, items of lists, bold, italics, code, and the text of links. All else stays as it is written. */
export const noteLines = (text: string): readonly NoteLine[] => text.split('\n').map((line): NoteLine => {
  const [, heading] = /^#{1,6}\s+(.*)$/.exec(line) ?? [];
  if (heading !== undefined) return { as: 'heading', pieces: piecesOf(heading) };
  const [, item] = /^\s*[-*+]\s+(.*)$/.exec(line) ?? [];
  return item === undefined ? { as: 'plain', pieces: piecesOf(line) } : { as: 'item', pieces: piecesOf(item) };
});

const marks = /`(?<code>[^`]+)`|\*\*(?<strong>[^*]+)\*\*|(?<![\w*])[*_](?<emphasis>[^*_\s](?:[^*_]*[^*_\s])?)[*_](?![\w*])|\[(?<link>[^\]]+)\]\([^)\s]+\)/g;

function piecesOf(line: string): readonly NotePiece[] {
  const pieces: NotePiece[] = [];
  let end = 0;
  const plain = (to: number): void => { if (to > end) pieces.push({ text: line.slice(end, to), as: 'plain' }); };
  for (const match of line.matchAll(marks)) {
    plain(match.index);
    const { code, strong, emphasis, link = '' } = match.groups!;
    pieces.push(code !== undefined ? { text: code, as: 'code' } : strong !== undefined ? { text: strong, as: 'strong' } : emphasis !== undefined ? { text: emphasis, as: 'emphasis' } : { text: link, as: 'plain' });
    end = match.index + match[0].length;
  }
  plain(line.length);
  return pieces;
}
