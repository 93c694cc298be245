/** Which part of a line stands out, and what for. */
export type Emphasis = 'first' | 'second' | 'good' | 'bad' | 'faint';

export interface Part {
  readonly text: string;
  readonly emphasis?: Emphasis;
}

/** A line of text, some of it emphasised: a terminal shows that in colours, a file not at all. */
export type MarkedText = string | readonly (string | Part)[];

/** Select Graphic Rendition, of ECMA-48. */
const COLOURS: Readonly<Record<Emphasis, number>> = { first: 36, second: 33, good: 32, bad: 31, faint: 2 };

export function partsOf(text: MarkedText): readonly Part[] {
  return (typeof text === 'string' ? [text] : text).map((part) => typeof part === 'string' ? { text: part } : part);
}

export function plain(text: MarkedText): string {
  return partsOf(text).map((part) => part.text).join('');
}

export function coloured(text: MarkedText): string {
  return partsOf(text)
    .map((part) => part.emphasis === undefined ? part.text : `\u001b[${COLOURS[part.emphasis]}m${part.text}\u001b[0m`)
    .join('');
}
