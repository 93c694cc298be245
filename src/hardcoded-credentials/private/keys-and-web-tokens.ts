import { type IssuerToken, token } from './issuer-token';

/** What anybody makes in a form that a standard has. */
export const KEYS_AND_WEB_TOKENS: readonly IssuerToken[] = [
  token('an age key', /\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b/, 'AGE-'),
  token('a JSON Web Token',
    /(?<![\w-])eyJ(?:[\w-]{10,4096}\.eyJ|(?:hbGci|0eXAi|raWQi)[\w-]{5,4096}\.)[\w-]{10,8192}\.[\w-]{20,}/, 'eyJ'),
  token('a private key', new RegExp(
    String.raw`-----BEGIN (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:\\{1,4}[nr]|\s){0,20}[^-]{0,200}?[A-Za-z0-9+/]{20}`,
  ), 'PRIVATE KEY'),
  token('a PuTTY private key', /PuTTY-User-Key-File-\d: [\s\S]{0,2000}?Private-Lines: \d/, 'PuTTY-User-Key-File'),
  token('an encrypted JSON Web Token',
    /(?<![\w-])eyJ[\w-]{10,4096}\.[\w-]{0,1024}\.[\w-]{10,64}\.[\w-]{10,16384}\.[\w-]{20,64}(?![\w.-])/, 'eyJ'),
  // The beginnings of private keys in DER: RSA, EC and Ed25519, with the algorithm around them or without.
  token('a private key in DER',
    new RegExp(`(?<![A-Za-z0-9+/])(?:${[
      'MII[A-Za-z0-9+/]{3,4}(?:IBADANBgkqhkiG9w0BAQEFAASC|IBAAK[BC])',
      'MIGHAgEAMBMGByqGSM49AgEG', 'MHcCAQEEI', 'MC4CAQAwBQYDK2VwBCIEI',
    ].join('|')})[A-Za-z0-9+/]{40}`),
    'IBADANBgkqhkiG9w0BAQEFAASC|IBAAK[BC]|MIGHAgEAM|MHcCAQEEI|MC4CAQAwBQYDK2VwBCIEI'),
];
