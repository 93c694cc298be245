import { drawRecording } from '../../../scripts/demo-live/recording';

const LINES = [
  { at: 0, text: 'a < b & "c"' },
  { at: 500, text: ['one ', { text: 'bad', emphasis: 'bad' as const }] },
  { at: 60_500, text: 'after a minute' },
];

describe('recording of the demonstration', () => {
  const svg = drawRecording(LINES);

  test('has a line of text for each, escaped, with its emphasis', () => {
    expect(svg.match(/<text /g)).toHaveLength(LINES.length);
    expect(svg).toContain('>a &lt; b &amp; "c"</text>');
    expect(svg).toContain('>one <tspan fill="#ff7b72">bad</tspan></text>');
  });

  test('shows the lines at their times, and does not wait for long pauses', () => {
    // Half a second and two of eight more.
    expect([...svg.matchAll(/0%,([\d.]+)%\{opacity:0\}/g)].map(([, percent]) => Number(percent)))
      .toEqual([0, expect.closeTo(0.5 / 10.5 * 100, 2), expect.closeTo(2.5 / 10.5 * 100, 2)]);
  });

  test('moves only where the reader has nothing against it, and runs no script', () => {
    const [style] = /<style>[^]*<\/style>/.exec(svg)!;
    const [still, moving] = style.split('@media (prefers-reduced-motion:no-preference){');
    expect(still).not.toContain('opacity');
    expect(moving).toContain('opacity');
    expect(svg).not.toMatch(/<script|href|url\(/);
  });
});
