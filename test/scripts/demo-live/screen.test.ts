import type { MarkedText } from '../../../scripts/demo-live/marked-text';
import { Screen } from '../../../scripts/demo-live/screen';

const LINE: MarkedText = ['a ', { text: 'word', emphasis: 'good' }];

function written(isTTY: boolean, show: (screen: Screen) => void): string {
  const texts: string[] = [];
  show(new Screen({ isTTY, write: (text) => texts.push(text) }));
  return texts.join('');
}

describe('screen', () => {
  const { NO_COLOR } = process.env;

  beforeEach(() => {
    delete process.env.NO_COLOR;
  });

  afterAll(() => {
    if (NO_COLOR !== undefined) {
      process.env.NO_COLOR = NO_COLOR;
    }
  });

  test('that is no terminal shows plain lines, and nothing that changes', () => {
    expect(written(false, (screen) => {
      screen.line(LINE);
      screen.below(['half', ' way']);
      screen.line('end');
    })).toBe('a word\nend\n');
  });

  test('that is a terminal shows colours, and the line that changes below all others', () => {
    expect(written(true, (screen) => {
      screen.below('1 %');
      screen.line(LINE);
      screen.below('2 %');
      screen.below('');
      screen.line('end');
    })).toBe('1 %\r\u001b[2Ka \u001b[32mword\u001b[0m\n1 %\r\u001b[2K2 %\r\u001b[2Kend\n');
  });

  test('shows no colours where NO_COLOR asks for none', () => {
    process.env.NO_COLOR = '1';
    expect(written(true, (screen) => screen.line(LINE))).toBe('a word\n');
  });

  test('keeps every line, and not the one that changes', () => {
    const screen = new Screen({ isTTY: true, write: () => undefined });
    screen.line('one\ntwo');
    screen.below('50 %');
    screen.line(LINE);
    expect(screen.recorded.map(({ text }) => text)).toEqual(['one', 'two', LINE]);
  });
});
