import * as fc from 'fast-check';
import { LoginStream } from '../../../scripts/demo-live/login-stream';
import { plain } from '../../../scripts/demo-live/marked-text';

const streamOf = (logins: readonly (string | undefined)[]): LoginStream => {
  const stream = new LoginStream();
  logins.forEach((login) => stream.add(login));
  return stream;
};

describe('logins as they flow', () => {
  test('a mark for each, by user and in their order', () => {
    const { marks, logins } = streamOf(['one', 'one', 'two', undefined, 'one']).next();
    expect(marks).toEqual([
      { text: '●●', emphasis: 'first' },
      { text: '○', emphasis: 'second' },
      { text: '✕', emphasis: 'bad' },
      { text: '●', emphasis: 'first' },
    ]);
    expect(logins).toBe(5);
  });

  test('a row begins with nothing, and a user keeps its mark', () => {
    const stream = streamOf(['one', 'two']);
    stream.next();
    expect(stream.next()).toMatchObject({ marks: [], logins: 0 });
    stream.add('two');
    expect(plain(stream.next().marks)).toBe('○');
  });

  test('whatever comes fits into a row, and a failure is never hidden', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('one', 'two', undefined), { maxLength: 500 }), (logins) => {
      const { marks, width, logins: counted } = streamOf(logins).next();
      const shown = plain(marks);
      expect(shown.length).toBe(Math.min(logins.length, width));
      expect(shown.includes('✕')).toBe(logins.includes(undefined));
      expect(counted).toBe(logins.length);
    }));
  });

  test('the legend gives the users their marks before they sign in', () => {
    const stream = new LoginStream();
    expect(plain(stream.legend(['two', 'one']))).toBe('● two   ○ one   ✕ refused');
    stream.add('one');
    expect(plain(stream.next().marks)).toBe('○');
  });
});
