/** Colours by name, on a light page, where each is another one, and on a dark one. */
const COLOURS = {
  'page': ['#ffffff', '#0d1117'],
  'text': ['#1f2328', '#e6edf3'],
  'faint': ['#59636e', '#9198a1'],
  'line': ['#818b98', '#7d8590'],
  'frame': ['#d1d9e0', '#3d444d'],
  'box': ['#fefefe', '#161b22'],
  'area': ['#f6f8fa', '#11161d'],
  'accent': ['#0969da', '#1f6feb'],
  'good': ['#1a7f37', '#3fb950'],
  'good-fill': ['#dafbe1', '#12361d'],
  'warm': ['#9a6700', '#d29922'],
  'warm-fill': ['#fff8c5', '#3a2d0b'],
  'bad': ['#cf222e', '#f85149'],
  'bad-fill': ['#ffebe9', '#4a1519'],
} as const;

export type Colour = keyof typeof COLOURS;

/** How a picture is read by whoever does not see it, and how large it is. */
export interface Frame {
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
}

export interface TextStyle {
  readonly size?: number;
  readonly bold?: boolean;
  readonly colour?: Colour;
  readonly anchor?: 'start' | 'middle' | 'end';
}

/** The value of an attribute: programs that know no preferences, or no style sheets, draw the light picture. */
export const paint = (colour: Colour): string => COLOURS[colour][0];

/** The rules that give every colour another value where the reader's system prefers dark pages. */
export function palette(): string {
  const rules = Object.values(COLOURS)
    .map(([light, dark]) => ['fill', 'stroke'].map((name) => `[${name}="${light}"]{${name}:${dark}}`).join(''));
  return `@media (prefers-color-scheme:dark){${rules.join('')}}`;
}

/** A whole picture: on a page of its own, so that it can be read wherever it is put. */
export function picture({ title, description, width, height }: Frame, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escape(title)}</title>
<desc>${escape(description)}</desc>
<style>${palette()}text{font-family:Helvetica,Arial,"Liberation Sans","DejaVu Sans",sans-serif}</style>
<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
<path d="M0 1 10 5 0 9Z" fill="${paint('line')}"/></marker></defs>
<rect width="${width}" height="${height}" rx="8" fill="${paint('page')}"/>
${parts.join('\n')}
</svg>
`;
}

export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size = 13, bold = false, colour = 'text', anchor = 'start' } = style;
  const weight = bold ? ' font-weight="600"' : '';
  return `<text x="${x}" y="${y}" font-size="${size}"${weight} fill="${paint(colour)}" text-anchor="${anchor}">`
    + `${escape(content)}</text>`;
}

export interface RectangleStyle {
  readonly fill?: Colour;
  readonly stroke?: Colour;
  readonly dashed?: boolean;
  readonly radius?: number;
}

export function rectangle(x: number, y: number, width: number, height: number, style: RectangleStyle = {}): string {
  const { fill = 'box', stroke = 'line', dashed = false, radius = 6 } = style;
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${paint(fill)}" `
    + `stroke="${paint(stroke)}"${dashed ? ' stroke-dasharray="5 4"' : ''}/>`;
}

/** A box with a name and what it is. */
export function box(x: number, y: number, width: number, lines: readonly string[], style: RectangleStyle = {}): string {
  const height = 18 + lines.length * 18;
  return [
    rectangle(x, y, width, height, style),
    ...lines.map((line, index) => text(x + width / 2, y + 22 + index * 18, line, {
      anchor: 'middle', bold: index === 0, size: index === 0 ? 13 : 12, colour: index === 0 ? 'text' : 'faint',
    })),
  ].join('');
}

/** An arrow along points, to the last one. */
export function arrow(...points: readonly (readonly [number, number])[]): string {
  return `<polyline points="${points.map((point) => point.join(',')).join(' ')}" fill="none" stroke="${paint('line')}" `
    + 'stroke-width="1.5" marker-end="url(#tip)"/>';
}

/** The number of a step. */
export function badge(x: number, y: number, number: number): string {
  return `<circle cx="${x}" cy="${y}" r="10.5" fill="${paint('accent')}"/><text x="${x}" y="${y + 4.2}" font-size="12" `
    + `font-weight="600" fill="#ffffff" text-anchor="middle" font-family="Helvetica,Arial,sans-serif">${number}</text>`;
}

export function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
