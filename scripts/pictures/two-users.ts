import { arrow, type Colour, paint, picture, rectangle, text } from './drawing';

const WIDTH = 960;
const HEIGHT = 470;
/** Where the times of a panel begin and end. */
const START = 190;
const END = 930;
const ROW = 34;

interface Span {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly colour: Colour;
}

interface Moment {
  readonly at: number;
  readonly label: string;
}

interface Panel {
  readonly title: string;
  readonly verdict: string;
  readonly moments: readonly Moment[];
  readonly rows: readonly (readonly [label: string, spans: readonly Span[]])[];
}

const FILLS: Partial<Record<Colour, Colour>> = { good: 'good-fill', warm: 'warm-fill', bad: 'bad-fill' };

const good = (from: number, to: number, label: string): Span => ({ from, to, label, colour: 'good' });
const warm = (from: number, to: number, label: string): Span => ({ from, to, label, colour: 'warm' });
const bad = (from: number, to: number, label: string): Span => ({ from, to, label, colour: 'bad' });

/** Times are parts of the panel's width: a rotation takes seconds, the time between two is days. */
const SINGLE: Panel = {
  title: 'One user: Rotation.singleUser()',
  verdict: 'A client that keeps a value is refused from the change until it reads again.',
  moments: [{ at: 0.3, label: 'setSecret' }, { at: 0.42, label: 'finishSecret' }],
  rows: [
    ['the database accepts', [good(0, 0.3, 'app, password 1'), warm(0.3, 1, 'app, password 2')]],
    ['AWSCURRENT is', [good(0, 0.42, 'app, password 1'), warm(0.42, 1, 'app, password 2')]],
    ['a client with a cache', [good(0, 0.3, 'works'), bad(0.3, 0.68, 'new logins are refused'), warm(0.68, 1, 'has read again')]],
  ],
};

const ALTERNATING: Panel = {
  title: 'Two users in turn: Rotation.alternatingUsers()',
  verdict: 'A client that reads again before the next rotation is never refused.',
  moments: [{ at: 0.3, label: 'setSecret' }, { at: 0.42, label: 'finishSecret' }, { at: 0.9, label: 'the next rotation' }],
  rows: [
    ['the database accepts', [good(0, 0.9, 'app, password 1'), good(0.9, 1, '3')]],
    ['and', [warm(0.3, 1, 'app_clone, password 2')]],
    ['AWSCURRENT is', [good(0, 0.42, 'app, password 1'), warm(0.42, 0.93, 'app_clone, password 2'), good(0.93, 1, '3')]],
    ['a client with a cache', [good(0, 0.68, 'works, with password 1'), warm(0.68, 1, 'has read again')]],
  ],
};

const x = (time: number) => Math.round(START + time * (END - START));

function drawSpan({ from, to, label, colour }: Span, y: number): string {
  const width = x(to) - x(from);
  return rectangle(x(from), y, width, ROW - 8, { fill: FILLS[colour], stroke: colour, radius: 3 })
    + text(x(from) + 10, y + 17.5, label, { size: 12, colour });
}

function drawPanel({ title, verdict, moments, rows }: Panel, top: number): string[] {
  const bottom = top + 74 + rows.length * ROW;
  return [
    text(24, top + 16, title, { bold: true, size: 15 }),
    text(24, top + 37, verdict, { colour: 'faint' }),
    ...moments.map(({ at, label }) => text(x(at) + (at > 0.8 ? -4 : 4), top + 62, label, {
      size: 11, colour: 'faint', anchor: at > 0.8 ? 'end' : 'start',
    })),
    ...moments.map(({ at }) => `<line x1="${x(at)}" y1="${top + 54}" x2="${x(at)}" y2="${bottom - 8}" `
      + `stroke="${paint('text')}" stroke-dasharray="3 3"/>`),
    ...rows.flatMap(([label, spans], index) => [
      text(24, top + 87 + index * ROW, label, { size: 12 }),
      ...spans.map((span) => drawSpan(span, top + 70 + index * ROW)),
    ]),
  ];
}

/** What a client that keeps a value sees of a rotation, with one user and with two. */
export function drawTwoUsers(): string {
  const panels = [SINGLE, ALTERNATING];
  const description = panels.map(({ title, verdict, rows }) => `${title}. ${verdict} `
    + rows.map(([label, spans]) => `${label}: ${spans.map((span) => span.label).join(', then ')}.`).join(' ')).join(' ');
  return picture(
    { title: 'A rotation with one user and with two', description, width: WIDTH, height: HEIGHT },
    [
      ...drawPanel(SINGLE, 20),
      `<line x1="24" y1="218" x2="${END}" y2="218" stroke="${paint('frame')}"/>`,
      ...drawPanel(ALTERNATING, 232),
      arrow([START, HEIGHT - 22], [END, HEIGHT - 22]),
      text(24, HEIGHT - 18, 'time, not to scale', { size: 11, colour: 'faint' }),
    ],
  );
}
