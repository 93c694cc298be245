import { oracleError } from '../../../handlers/rotate-oracle/oracle-error';

interface Verifier {
  updateVerifierData(answer: Record<string, string>, password: string, next: undefined, old: boolean, into: object): void;
}

/** What the driver computes a login with: there is no server to ask it for one. */
const { updateVerifierData } = jest.requireActual<Verifier>('oracledb/lib/thin/protocol/encryptDecrypt.js');

test.each(['100001', '1000000000000', '-1', '1.5', 'many'])('a login in %s rounds is refused before it is computed', (rounds) => {
  const answer = { AUTH_VFR_DATA: '00', AUTH_SESSKEY: '00', AUTH_PBKDF2_VGEN_COUNT: rounds };
  const thrown = ((): unknown => {
    try {
      return updateVerifierData(answer, 'x', undefined, false, {});
    } catch (error) {
      return error;
    }
  })();
  expect(oracleError(thrown, 'login')).toMatchObject({ errorClass: 'protocol', code: expect.stringMatching(/^NJS_/) });
});
