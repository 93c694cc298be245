import { credentialName } from './property-names';
import { hasReference, isCredential, isFilledIn, isPair, looksMade } from './values';

/** A form in which text holds a credential: the first group is the credential. */
interface TextRule {
  readonly why: string;
  readonly form: RegExp;
  /** Whether what the group holds is a literal. */
  readonly holds: (value: string) => boolean;
}

/** Quotes, or none, around what a command is given. */
const VALUE = String.raw`["'\\]{0,4}([^\s"'\\;|<>]{2,256})`;
const command = (what: string, form: string): TextRule =>
  ({ why: `a command gives a ${what}`, form: new RegExp(form.replace('VALUE', VALUE), 'gi'), holds: isWord });

const RULES: readonly TextRule[] = [
  {
    why: 'an address holds a user and a password',
    form: new RegExp(String.raw`\b[a-z][a-z0-9+.-]{1,30}://[^\s:/@?#"'<>\\]{0,128}:([^\s"'<>\/]{1,256}?)@(?=[\w\uE000\uE001[{$*.-])`, 'gi'),
    holds: isPassword,
  },
  {
    why: 'an address of a database holds a user and a password',
    form: new RegExp(String.raw`\bjdbc:oracle:\w{2,5}:[\w$#\uE000]{1,64}/([^\s@"']{1,128})@`, 'gi'),
    holds: isPassword,
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
  command('password', String.raw`\bcurl\b[^\n|;]{0,400}?\s(?:-u|--user|--proxy-user|-U)[ =]?["'\\]{0,4}[^\s:"'\\]{0,64}:VALUE`),
  command('password', String.raw`\b(?:mysql|mysqldump|mysqladmin|mariadb|mysqlimport|mysqlsh)\b[^\n|;]{0,400}?\s-p["']?([^\s"'\\;|<>]{2,128})`),
  command('password', String.raw`\bmysqladmin\b[^\n|;]{0,200}?\spassword\s+VALUE`),
  command('password', String.raw`\b(?:sqlcmd|bcp|osql|sqlpackage)\b[^\n|;]{0,400}?\s-P\s{0,3}VALUE`),
  command('password', String.raw`\b(?:docker|podman|helm|az|oc|buildah|skopeo|nerdctl)\b[^\n|;]{0,200}?\blogin\b[^\n|;]{0,300}?\s(?:-p|--password)[ =]VALUE`),
  command('password', String.raw`\b(?:mongo|mongosh|mongodump|mongorestore|clickhouse-client|cqlsh|influx)\b[^\n|;]{0,400}?\s(?:-p|--password)[ =]VALUE`),
  command('password', String.raw`\b(?:redis-cli|valkey-cli)\b[^\n|;]{0,300}?\s(?:-a|--pass)[ =]VALUE`),
  command('password', String.raw`\bsshpass\b\s+-p\s{0,2}VALUE`),
  command('password', String.raw`\b(?:ldapsearch|ldapmodify|ldapadd|ldapwhoami|ldapdelete)\b[^\n|;]{0,400}?\s-w\s{0,2}VALUE`),
  command('password', String.raw`\b(?:smbclient|rpcclient|mount\.cifs)\b[^\n|;]{0,300}?\s-U\s{0,2}["']?[^\s%"']{1,64}%VALUE`),
  command('password', String.raw`\bhtpasswd\b[^\n|;]{0,120}?\s-[a-zA-Z]{0,5}b[a-zA-Z]{0,5}\s[^\n|;]{0,160}?\s\S{1,64}\s+VALUE\s*(?:$|[\n|;>&])`),
  command('password', String.raw`\bnet\s+user\s+(?:/add\s+)?\S{1,64}\s+(?!/)VALUE`),
  command('password', String.raw`\brabbitmqctl\b\s+(?:add_user|change_password)\s+\S{1,64}\s+VALUE`),
  command('password', String.raw`\b(?:zip|unzip|7z[az]?)\b[^\n|;]{0,120}?\s-[pP]\s?VALUE`),
  command('password', String.raw`\b(?:keytool|jarsigner)\b[^\n|;]{0,400}?\s-(?:store|key|src|dest)\w{0,5}pass\s+VALUE`),
  command('password', String.raw`\s-pass(?:in|out)?\s+["']?pass:VALUE`),
  command('password', String.raw`\becho\s+(?:-n\s+)?["']?[\w.-]{1,64}:([^\s"'|]{2,128})["']?\s*\|\s*(?:sudo\s+)?chpasswd`),
  command('password', String.raw`\becho\s+(?:-n\s+|-e\s+)?["']?([^\s"'|\\]{2,128})["']?\s*\|\s*(?:sudo\s+)?(?:passwd\s+--stdin|docker\s+login|sudo\s+-S|faillock|htpasswd|kinit|helm\s+registry|adcli|realm\s+join)`),
  command('password', String.raw`\b(?:realm|kinit|adcli|passwd|chpasswd|sudo|login|su)\b[^\n|;]{0,200}?<<<\s{0,3}VALUE`),
  command('password', String.raw`\b(?:sqlplus|sqlldr|expdp|impdp|rman)\b[^\n|;]{0,200}?\s["']?[\w$#]{1,64}/([^\s@"'/]{2,128})@`),
  command('password', String.raw`\b(?:requirepass|masterauth|primaryauth)\s+VALUE`),
  command('password', String.raw`\blogin\s+\S{1,128}\s+password\s+VALUE`),
  command('password', String.raw`\b(?:IDENTIFIED\s+(?:WITH\s+\w{1,40}\s+)?BY|(?:WITH\s+)?(?:ENCRYPTED\s+|LOGIN\s+)?PASSWORD|SET\s+PASSWORD(?:\s+FOR\s+\S{1,64})?\s*=|PASSWORD\s*\()\s*(?:PASSWORD\s*\()?\s*\\{0,2}['"]([^'"\\\s]{2,128})['"\\]`),
  command('password', String.raw`\bConvertTo-SecureString\s+(?:-String\s+|-AsPlainText\s+|-Force\s+){0,3}VALUE`),
  command('password', String.raw`\b(?:snmp|createuser)\w*\b[^\n|;]{0,200}?\s-[AX]\s+VALUE`),
  command('password', String.raw`\bpassword\s+['"]([^'"\s]{4,128})['"]`),
  command('password', String.raw`(?:^|[\s"'])(?:\*|[\w.-]{1,200}):(?:\*|\d{4,5}):[\w*-]{1,64}:[\w-]{1,64}:VALUE`),
  command('token', String.raw`\bvault\s+login\s+(?!-)VALUE`),
  command('credential', String.raw`\baws\s+configure\s+set\s+(?:aws_secret_access_key|aws_session_token)\s+VALUE`),
  command('token', String.raw`:_(?:authToken|auth|password)\s{0,2}=?\s{0,2}VALUE`),
  {
    why: 'an address holds a signature',
    form: new RegExp(String.raw`[?&]sig=([A-Za-z0-9%+/]{30,100})`, 'g'),
    holds: (value) => !isFilledIn(value),
  },
];

/** Any of the words that a rule needs: most texts have none. */
const HINT = new RegExp([
  '://', 'echo', '<<<', 'sqlplus', 'sqlldr', 'expdp', 'impdp', 'rman', 'jdbc:', 'Authorization', 'Bearer', 'Basic ', 'curl',
  'mysql', 'mariadb', 'sqlcmd', 'bcp',
  'osql', 'sqlpackage', 'login', 'mongo', 'clickhouse', 'cqlsh', 'influx', 'redis-cli', 'valkey-cli', 'sshpass', 'ldap', 'smb',
  'rpcclient', 'mount', 'passwd', 'net\\s',
  'rabbitmqctl', 'zip', '7z', 'keytool', 'jarsigner', '-pass', 'sudo', 'requirepass', 'auth', 'IDENTIFIED', 'PASSWORD',
  'SecureString', ':\\d{4,5}:', ':\\*:', 'vault',
  'aws\\s', 'sig=', 'createuser', 'snmp',
].join('|'), 'i');
const PAIR_IN_XML = new RegExp(
  String.raw`\b(?:name|key)\s{0,3}=\s{0,3}\\{0,2}["']([^"'\\]{1,100})\\{0,2}["']\s{1,10}(?:\w{1,20}=["'][^"']{0,60}["']\s{1,5})?`
    + String.raw`value\s{0,3}=\s{0,3}\\{0,2}["']([^"'\\]{1,1024})`,
  'gi',
);

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

/** The name of a credential in XML: `<add key="…" value="…"/>`. */
export function pairInXml(text: string): string | undefined {
  if (!text.includes('value')) {
    return undefined;
  }
  for (const [, name, value] of text.matchAll(PAIR_IN_XML)) {
    const kind = credentialName(name);
    if (kind && isCredential(kind, value)) {
      return name;
    }
  }
  return undefined;
}

/** What a command reads elsewhere, and words that are no value. */
const NO_WORD = new RegExp(`^(?:${[
  '[-$/%&]', 'file:', 'env:',
  '(?:stdin|prompt|password|null|true|false|yes|no|expire|never|policy|hash|random|required|default)$',
].join('|')})`, 'i');
const NO_PASSWORD = /^(?:\$.*|x-oauth-basic|password|pass|pwd|\d{1,5}|\{\w*\})$/i;

function isWord(value: string): boolean {
  return !hasReference(value) && !isFilledIn(value) && !NO_WORD.test(value);
}

function isPassword(value: string): boolean {
  return !hasReference(value) && !isFilledIn(value) && !NO_PASSWORD.test(value);
}

function isToken(value: string): boolean {
  return isWord(value) && !/[(){}]/.test(value) && looksMade(value, 6);
}

function isBearer(value: string): boolean {
  return isToken(value) && looksMade(value, 16);
}
