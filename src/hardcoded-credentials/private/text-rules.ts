import { byFirstLetter } from './by-first-letter';
import { COMMANDS } from './commands';
import type { CredentialName } from './property-names';
import { SENTENCES } from './sentences';
import { isBearer, isPassword, isToken, isTokenAlone, type TextRule } from './text-rule';
import { isCredential, isFilledIn, isPair } from './values';

/** What any literal is where it stands. */
const A_PASSWORD: CredentialName = { noun: 'password', last: true, certain: true, encryption: false, several: false };

const RULES: readonly TextRule[] = [
  {
    why: 'an address holds a user and a password',
    form: new RegExp(String.raw`\b[a-z][a-z0-9+.-]{1,30}://[^\s:/@?#"'<>\\]{0,128}:([^\s"'<>\/]{1,256}?)@(?=[\w\uE000\uE001[{$*.%"'\x60-])`, 'gi'),
    holds: isPassword,
  },
  {
    why: 'an address of a database holds a user and a password',
    form: new RegExp(String.raw`\bjdbc:oracle:\w{2,5}:[\w$#\uE000]{1,64}/([^\s@"']{1,128})@`, 'gi'),
    holds: isPassword,
  },
  {
    why: 'an address of a database holds a user and a password',
    form: new RegExp(String.raw`(?<![\w/@.-])(?!(?:mailto|sips?|xmpp|acct|im|npm|jsr|workspace|git|docker|repo|image):)[\w.+-]{1,64}:([^\s@:/"'<>]{3,128})@(?:\w{2,10}\(|(?!sha256:|v?\d+(?:\.\d+){0,2}(?:[-+]\S*)?$)[\w.-]{1,253}(?::\d{2,5})?(?:/\S{0,500})?$)`, 'g'),
    holds: isPassword,
  },
  {
    // The key of a Sentry DSN, before the number of a project, is public.
    why: 'an address holds a token',
    form: new RegExp(String.raw`\bhttps?://(?![0-9a-f]{32}@[^\s"'<>\x60]{1,300}?/\d{1,20}(?![\w/.-]))([\w~.+-]{16,255})(?::(?:x-oauth-basic|x)?)?@(?=[\w\uE000\uE001[{$*.%"'\x60-])`, 'gi'),
    holds: isTokenAlone,
  },
  {
    why: 'an address holds a key',
    form: /[?&](?:key|code)=([\w-]{24,128})(?![\w-])/g,
    holds: isToken,
  },
  {
    why: 'a header holds a credential',
    form: new RegExp(String.raw`\bAuthorization["'\\\]]{0,4}\s{0,3}[:=,]\s{0,3}[\\"'\x60]{0,4}\s?(?:Bearer|Token|ApiKey|GenieKey|Bot|SSWS|Splunk|Digest|Key)\s{1,3}([^\s"'\x60\\]{6,4096})`, 'gi'),
    holds: isToken,
  },
  {
    why: 'a header holds a credential',
    form: new RegExp(String.raw`(?:^|["'\x60\s])Bearer\s{1,3}([\w.~+/=-]{12,4096})`, 'g'),
    holds: isBearer,
  },
  {
    why: 'a header holds a user and a password',
    form: new RegExp(String.raw`\bBasic\s{1,3}([A-Za-z0-9+/]{8,512}={0,2})`, 'g'),
    holds: (value) => isPair(value, false),
  },
  {
    why: 'code gives a user and a password',
    form: new RegExp(String.raw`\bauth\s{0,3}=\s{0,3}\(\s{0,3}["'][^"'\n]{0,64}["']\s{0,3},\s{0,3}["']([^"'\s]{2,128})["']`, 'g'),
    holds: isPassword,
  },
  {
    why: 'code gives a user and a password',
    form: new RegExp(String.raw`\b(?:${[
      'HTTP(?:Basic|Digest)Auth', '[bB]asic_?[aA]uth', '[sS]et_?[bB]asic_?[aA]uth', 'NetworkCredential',
      'UsernamePasswordCredentials',
      'PlainAuth', 'PlainTextAuthProvider', 'PasswordAuthenticator', 'login',
    ].join('|')})\s{0,2}\(\s{0,3}(?:["']{2}\s{0,3},\s{0,3})?["'][^"'\n]{1,64}["']\s{0,3},\s{0,3}["']([^"'\s]{2,128})["']`, 'g'),
    holds: isPassword,
  },
  {
    why: 'code gives a user and a password',
    form: new RegExp(String.raw`\bgetConnection\s{0,2}\([^()\n]{1,200}?,\s{0,3}"[^"\n]{1,64}",\s{0,3}"([^"\s]{2,128})"`, 'g'),
    holds: isPassword,
  },
  {
    why: 'code gives a password',
    form: new RegExp(String.raw`\b(?:set|with|use)_?[A-Za-z_]{0,30}?(?:[pP]assword|[pP]assphrase)\(\s{0,3}["'\x60]([^"'\x60\s]{2,256})["'\x60]\s{0,3}\)`, 'g'),
    holds: isPassword,
  },
  {
    why: 'code gives a key',
    form: new RegExp(String.raw`\b(?:createHmac\([^,()\n]{1,40},|hmac\.new\(|jwt\.(?:sign|verify|encode|decode)\([^\n]{1,200}?,)\s{0,3}b?["'\x60]([^"'\x60\s]{6,256})["'\x60]`, 'g'),
    holds: (value) => isCredential(A_PASSWORD, value),
  },
  {
    why: 'code gives a key',
    form: new RegExp(String.raw`\b(?:KEY|key)\s{0,2}=\s{0,2}b?["'\x60]([^"'\x60\s/]{8,256})["'\x60]`
      + String.raw`(?=[\s\S]{0,2000}?(?:hmac|Hmac|jwt|Fernet|AES|[cC]ipher|[cC]rypt))`, 'g'),
    holds: (value) => isCredential({ ...A_PASSWORD, noun: 'key' }, value),
  },
  {
    why: 'code fills in a password',
    form: new RegExp(String.raw`\b(?:fill|type|setValue|send_?[kK]eys)\(\s{0,3}["'\x60][^"'\x60\n]{0,80}?(?:passw|pwd)[^"'\x60\n]{0,80}["'\x60]\s{0,3},\s{0,3}["'\x60]([^"'\x60\s]{2,128})["'\x60]`, 'g'),
    holds: isPassword,
  },
  ...SENTENCES,
  ...COMMANDS,
  {
    why: 'an address holds a signature',
    form: new RegExp(String.raw`[?&]sig=([A-Za-z0-9%+/]{30,100})`, 'g'),
    holds: (value) => !isFilledIn(value),
  },
];

/** Any of the words that a rule needs: most texts have none. */
const HINT = new RegExp(byFirstLetter([
  '://', 'echo', '<<<', 'sqlplus', 'sqlldr', 'expdp', 'impdp', 'rman', 'jdbc:', 'Authorization', 'Bearer', 'Basic ', 'curl',
  'mysql', 'mariadb', 'sqlcmd', 'bcp',
  'osql', 'sqlpackage', 'login', 'mongo', 'clickhouse', 'cqlsh', 'influx', 'redis-cli', 'valkey-cli', 'sshpass', 'ldap', 'smb',
  'rpcclient', 'mount', 'passwd', 'net\\s',
  'rabbitmqctl', 'zip', '7z', 'keytool', 'jarsigner', '-pass', 'sudo', 'requirepass', 'auth', 'IDENTIFIED', 'PASSWORD',
  'SecureString', ':\\d{4,5}:', ':\\*:', 'vault',
  'aws\\s', 'sig=', 'createuser', 'snmp', 'openssl', '/p(?:ass|d|o|:)', '/rp', 'wpa_', 'ipmitool',
  'mosquitto', 'ftp\\s', '\\nuser', 'plink', 'pscp',
  'putty', 'psexec', 'etcdctl', 'https?\\s', 'xh\\s', 'initial-', 'elasticsearch-', 'http-basic', 'bundle',
  '-oauth\\.', '-token\\.', 'alias\\s', 'put-param',
  'on [>~&+]', 'nmcli',
  '(?:pass(?:word|phrase|code|wort)?|pwd?|kennwort|key|token|secret|credentials?)[\\s:]',
  'printf', 'chpasswd:', 'PSK', '\\]:\\d', 'community', 'ass(?:word|phrase)\\(',
  'hmac', 'jwt', 'Fernet', 'AES', 'crypt', 'cipher', '[?&](?:key|code)=', '@[\\w.-]{1,253}(?:[:/(]|$)',
  'NetworkCred', 'UsernamePass', 'getConnection', 'fill\\(', 'type\\(', 'setValue', 'keys\\(',
]), 'i');

/** Why a text holds a credential, by the commands, addresses, headers and statements in it. */
export function credentialInText(text: string): string | undefined {
  if (!HINT.test(text)) {
    return undefined;
  }
  for (const { why, form, holds } of RULES) {
    for (const [, value] of text.matchAll(form)) {
      if (holds(value)) {
        return why;
      }
    }
  }
  return undefined;
}
