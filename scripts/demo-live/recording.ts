import { type Emphasis, type MarkedText, partsOf, plain } from './marked-text';
import type { RecordedLine } from './screen';

const LINE = 18;
const CHARACTER = 7.83;
const PADDING = 16;
/** Seconds for which the last line is shown, before the first comes again. */
const END = 8;
/** Longer pauses than this are not waited for. */
const LONGEST_PAUSE = 2;
const COLOURS: Readonly<Record<Emphasis, string>> = {
  first: '#39c5cf', second: '#e3b341', good: '#56d364', bad: '#ff7b72', faint: '#8b949e',
};

/**
 * A picture of what a terminal showed, in which the lines appear one after the other: SVG, without a script.
 *
 * Where the reader wants no motion, all of it is there from the beginning.
 */
export function drawRecording(lines: readonly RecordedLine[]): string {
  const times = timesOf(lines);
  const duration = times[times.length - 1] + END;
  const width = Math.ceil(Math.max(...lines.map(({ text }) => plain(text).length)) * CHARACTER) + 2 * PADDING;
  const height = lines.length * LINE + 2 * PADDING;
  const rules = times.map((time, index) => `.l${index}{animation-name:a${index}}@keyframes a${index}`
    + `{0%,${percent(time, duration)}{opacity:0}${percent(time + 0.01, duration)},100%{opacity:1}}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>A recording of npm run demo:live</title>
<style>text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#e6edf3;white-space:pre}
@media (prefers-reduced-motion:no-preference){text{animation-duration:${duration.toFixed(2)}s;animation-iteration-count:infinite}
${rules.join('\n')}}</style>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${lines.map(({ text }, index) => drawLine(text, index)).join('\n')}
</svg>
`;
}

/** Seconds at which the lines appear, without long pauses. */
function timesOf(lines: readonly RecordedLine[]): number[] {
  let time = 0;
  return lines.map(({ at }, index) => {
    time += index === 0 ? 0 : Math.min(LONGEST_PAUSE, (at - lines[index - 1].at) / 1000);
    return time;
  });
}

function drawLine(text: MarkedText, index: number): string {
  const spans = partsOf(text).filter((part) => part.text !== '').map((part) => part.emphasis === undefined
    ? escape(part.text) : `<tspan fill="${COLOURS[part.emphasis]}">${escape(part.text)}</tspan>`);
  const y = PADDING + (index + 0.75) * LINE;
  return `<text class="l${index}" x="${PADDING}" y="${y}" xml:space="preserve">${spans.join('')}</text>`;
}

function percent(time: number, duration: number): string {
  return `${(time / duration * 100).toFixed(3)}%`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
