import * as fc from 'fast-check';
import { preparePassword } from '../../../handlers/rotate-postgresql/prepare-password';
import { saltFor, scramVerifier } from '../../../handlers/rotate-postgresql/scram-verifier';

test('is the verifier of RFC 7677 for its example', () => {
  expect(scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'))).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:'
      + 'wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});

test('the salt is the same for the same version of a user, and for no other', () => {
  fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (username, token, other) => {
    expect(saltFor(username, token)).toEqual(saltFor(username, token));
    expect(saltFor(username, token)).toHaveLength(16);
    fc.pre(token !== other);
    expect(saltFor(username, token).equals(saltFor(username, other))).toBe(false);
    expect(saltFor(token, username).equals(saltFor(other, username))).toBe(false);
  }));
});

test.each([
  ['plain', 'plain'], ['no\u00a0break', 'no break'], ['soft\u00adhyphen', 'softhyphen'], ['\u2168', 'IX'], ['\u00aa', 'a'],
  ['e\u0301', '\u00e9'],
])('%j is prepared as %j', (password, prepared) => {
  expect(preparePassword(password)).toBe(prepared);
});

test.each(['', '\u00ad', 'a\u0007', '\u0627\u0031', '\u05d0', 'a\ue000', 'a\ufffd', 'a\u2ff0', '\ud800', '\u0378'])(
  '%j is refused: clients would not treat it alike',
  (password) => {
    expect(() => preparePassword(password)).toThrow('configuration');
  },
);
