import type { CredentialName } from './property-names';
import { PSEUDO_PARAMETER, REFERENCE } from './template-text';

const REFERENCES = new RegExp(`[${REFERENCE}${PSEUDO_PARAMETER}]`, 'g');
/** Nothing but what covers a value: stars, crosses, dots. */
const MASKED = /^[*xX•.\-_#?\s]*$/;
/**
 * What somebody or something fills in: `<password>`, `${PASSWORD}`, `$(command)`, `%PASSWORD%`, `{{ password }}`, `[password]`,
 * `$.path`, and what a script is called with, `$1`.
 */
const FILLED_IN = new RegExp([
  '^<[^<>]*>$', '\\$\\{', '\\$\\(',
  '^\\$?(?:request|response|context|ctx|stageVariables|method|integration|input|util|event)\\.\\w',
  '^\\$!?[A-Za-z_][\\w:.]*(?:$|\\()', '^%[^%\\s]+%$', '\\{\\{', '^\\{[^{}":]*\\}$',
  '^\\[[A-Za-z _-]+\\]$', '^__.*__$',
  '^@[\\w.-]+@$',
  '^([%#@~<[(|!])\\1\\w[^\\s]*[%#@~>\\])|!]{2}$',
  '^\\$[\\d@*#]$', '^%[~\\d*]\\d?$',
  '^#\\{', '^`', '\\{%', '^\\$\\$?\\.', '^%[sdv]$', '^\\$[({]', '<%', '^!(?:Ref|Sub|GetAtt|ImportValue)\\b',
].join('|'));
/** Words with which people say that the value comes later. */
const LATER = new RegExp(`^[\\W_]*(?:${[
  'replace.{0,40}', '.{0,30}placeholder.{0,20}',
  '(?:insert|enter|add|put|paste|provide|supply).?(?:your|the|a|actual|real|value|here|me|in).{0,40}',
  '(?:your|my|the|some|an?).{0,40}[-_ ]here', 'your[-_ ]?[a-z].{0,40}', 'to-?do', 'tbd', 'fix-?me', 'n/?a', 'redacted',
  'masked', 'hidden', 'unset',
  'not?[-_ ](?:set|used|needed|required|applicable|a[-_ ]real).{0,20}',
  '.{0,30}(?:injected|at[-_ ]runtime|secrets?[-_ ]?manager|overrid|overwrit).{0,30}',
  '(?:to|will)[-_ ]be[-_ ].{0,40}', '(?:fill|set)[-_ ]?(?:me|in|by|via|from|later).{0,30}', 'see[-_ ].{0,40}',
  'managed[-_ ].{0,40}', 'generated?',
  'unused', 'ignored?', 'externally.{0,20}', 'x{3,}.{0,40}', '.{0,30}(?:goes|go)[-_ ]here', 'todo.{0,30}', 'from[-_ ].{0,30}',
].join('|')})[\\W_]*$`, 'i');
/** Words that nobody issues as a key; as a password somebody may well use them. */
const UNREAL = /^(?:dummy.{0,12}|fake.{0,12}|mock.{0,12}|.{0,12}example|example.{0,12}|sample.{0,12}|test(?:ing)?|local|stub)$/i;
const SETTING = new RegExp(`^\\[?(?:${[
  'true|false|yes|no|on|off|null|none|undefined|nil|enabled?|disabled?|required|optional|auto|always|never|prompt|allow|deny',
  'iam|kerberos|ldap|basic|bearer|sso|oauth2?|scram|md5|plain|plaintext|trust|interactive|jwt|saml|oidc|mysql_native_password',
  'latest|string|str|text|int|integer|number|bool|boolean|any|object|varchar|secretstr|securestring|awsjson|id|float|void',
  'manual|managed|inherit|native|static|dynamic|header|query|cookie|body|scram-sha-(?:256|512)|caching_sha2_password',
  'h?mac-?sha-?\\d+|[hrepd]s(?:256|384|512)|sha-?\\d+|aes(?:-?\\d+)?(?:-?[gc][cb][mc])?|rsa(?:-?\\d+)?',
  'ed25519|bcrypt|argon2(?:id?)?|mandatory',
].join('|')})[!\\]?]{0,3}$`, 'i');
const ARN = /^arn:[\w-]*:/;
const ADDRESS = /^[a-z][a-z0-9+.-]{0,20}:\/\//i;
const PATH = /^(?:~|\.{1,2}|[A-Za-z]:|file:)?[\\/](?:[\w.@ ()-]+[\\/])*[\w.@ ()-]*$/;
const FILE = new RegExp(String.raw`^[\w./\\@-]{1,200}\.(?:pem|key|crt|cer|p12|pfx|jks|json|ya?ml|txt|zip|gz|jar|env|ini|conf|cfg|properties`
  + '|keystore|enc|gpg|asc|js|ts|py|sh|tf|html?|png|pdf|csv|xlsx?|docx?|jpe?g|gif|svg|mp[34]|parquet|avro|log'
  + '|md|xml|tgz|tar|bz2|sql|whl|rpm|deb|msi|exe|bin|css)$', 'i');
const HOST = /^(?:[a-z0-9-]+\.){1,8}(?:com|net|org|io|aws|internal|local|dev|app|cloud|cn|eu|uk|de)(?::\d+)?(?:\/\S*)?$/i;
const EMAIL = /^[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+$/;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** What an application of Amazon's is called. */
const OF_AMAZON = /^amzn1\.(?:ask|application|account|oa2-client)/;
/** What a form, a label or a message says. */
const LABEL = new RegExp(String.raw`^(?:Password|Passwort|Kennwort|Passphrase|Token|Secret|API [kK]ey)[:*]?$`
  + String.raw`|^(?=.*\b(?:[pP]ass(?:word|wort|phrase)|[tT]oken|[kK]ey|[sS]ecret)s?\b)(?:[A-Z][a-z']*|(?:the|an?|your) [\p{L}\d'-]+)(?: [\p{L}\d'-]+){1,20}[.!?:]?$`, 'u');
/** A class of a program. */
const CLASS = /^[a-z]\w*(?:\.[a-z]\w*)*\.[A-Z][A-Za-z]*\d*[A-Za-z]*$|^\w+(?:(?:::|\\)\w+){2,}$/;
const KEY_OF_KMS = /^(?:alias\/|mrk-|aws\/)/;
const PUBLIC = new RegExp([
  '^ssh-(?:rsa|dss|ed25519) ', '^ecdsa-sha2-', '^sk-(?:ssh|ecdsa)-', 'BEGIN (?:RSA |EC )?PUBLIC KEY', 'BEGIN CERTIFICATE',
  'BEGIN PGP PUBLIC',
  '^MIIB?[A-Za-z0-9+/]{2,6}ANBgkqhkiG9w0BAQEFAAOC', '^MFkwEwYHKoZIzj0CAQ', '^MCowBQYDK2VwAyEA',
].join('|'));
/** Values in documentation of AWS, and others that are made so that nobody takes them for real. */
const DOCUMENTED = /EXAMPLE|^AKIAI44QH8DHB|0123456789abcdef0123456789abcdef|^X{8,}|^([A-Za-z0-9])\1{7,}$/;
/** A name in a store of secrets or parameters, or of an object in Kubernetes: words and what is between them. */
const NAME = /^[A-Za-z][A-Za-z]*\d{0,3}(?:[-_/.:][A-Za-z]*\d{0,3})*$/;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const INVENTED = new RegExp(
  '^(?:my|our|the|very|super|top|default)?[-_ ]?(?:super|very|top|ultra|long|dev|test|prod)[-_ ]?(?:long[-_ ]?)?s[e3]cr[e3]t',
  'i',
);
const CHANGE_ME = /^(?:please[-_ ]?)?change[-_ ]?(?:me|it|this|that)/i;

/** Whether a value holds nothing that could be a credential: nothing at all, references only, or what is filled in later. */
export function isFilledIn(value: string): boolean {
  const literal = value.replace(REFERENCES, '').trim();
  return MASKED.test(literal) || FILLED_IN.test(value.trim());
}

/** Whether a part of the value is only known at deployment: then nobody can use the rest. */
export function hasReference(value: string): boolean {
  return value.includes(REFERENCE) || value.includes(PSEUDO_PARAMETER);
}

/** Whether the value of a property that is a credential is a literal: whatever it looks like, it will be the credential. */
export function isLiteral(value: string): boolean {
  if (isFilledIn(value) || ARN.test(value) || PUBLIC.test(value) || DOCUMENTED.test(value)) {
    return false;
  }
  // What is put together from the name of the stack or the Region can be guessed.
  return !value.includes(REFERENCE) && value.replace(REFERENCES, '').length >= (value.includes(PSEUDO_PARAMETER) ? 6 : 1);
}

const SOMETHING_ELSE = [DOCUMENTED, SETTING, ARN, ADDRESS, PATH, FILE, HOST, EMAIL, KEY_OF_KMS, PUBLIC, OF_AMAZON, LABEL, CLASS];

/** Whether it is something else than a credential, wherever it is: a place, a name of a setting, a public key. */
function isSomethingElse(value: string): boolean {
  return hasReference(value) || isFilledIn(value) || SOMETHING_ELSE.some((form) => form.test(value));
}

/** Whether somebody says that the value comes later. */
export function isMeantForLater(value: string): boolean {
  return LATER.test(value) && !CHANGE_ME.test(value);
}

/** Whether a value looks as if a machine had made it, or somebody who was asked for several kinds of characters. */
export function looksMade(value: string, least = 8): boolean {
  const length = value.length;
  if (length < least || /\s/.test(value)) {
    return false;
  }
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9_\-./:]/].filter((kind) => kind.test(value)).length;
  return kinds >= 3 || (kinds === 2 && !NAME.test(value) && /\d|[^A-Za-z_\-./]/.test(value));
}

/** The same among words: letters, digits and what is between them, as no word, version or name has them. */
export function looksChosen(value: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
  return kinds === 4 || (kinds === 3 && !NAME.test(value));
}

/** Whether a value is a credential where a name says so. */
export function isCredential(name: CredentialName, given: string): boolean {
  const value = given.trim();
  if (name.several && /[,;]/.test(value)) {
    return value.split(/[,;]\s*/, MOST).some((each) => isCredential(name, each));
  }
  if (isSomethingElse(value) || isMeantForLater(value)) {
    return false;
  }
  if (name.noun !== 'password' && UNREAL.test(value)) {
    return false;
  }
  switch (name.noun) {
    case 'password': return name.last ? isPassword(value) : looksMade(value);
    case 'pair': return isPair(value, name.last, name.certain);
    case 'pin': return name.last && /^(?:\d{4,12}|\d{3,6}(?:[ -]\d{3,6}){1,2})$/.test(value);
    case 'phrase': return /^(?:[a-z]{3,8}[ ,-]){11,23}[a-z]{3,8}$/.test(value);
    case 'secret': return name.last && name.certain ? MINE.test(value) || isCertain(value) : isUnlikeName(value);
    default: return isKey(name, value);
  }
}

/** Of several credentials in a text, those that are looked at. */
const MOST = 50;
/** As nobody calls a secret in a store: `my-jwt-secret`. */
const MINE = /^(?:my|our|a|the|this[-_]is)[-_][a-z-_]*$/i;
const isCertain = (value: string): boolean => isPassword(value) && !NAME_OF_SECRET.test(value);
const NAME_OF_SECRET = /\/|^(?:[a-z0-9]+[-_.])+(?:secrets?|credentials?|creds)$/i;
/** `prod/database:password::`, as build specifications name a part of a secret. */
const PART_OF_SECRET = /^[\w/.+=@-]+:[\w-]*(?:password|secret|token|key|user)[\w-]*(?::.*)?$|^[\w-]+:latest$/i;

function isPassword(value: string): boolean {
  const sentence = value.split(/\s+/, 6).length > 5;
  const few = /^\d{0,3}$/.test(value);
  return !sentence && !few && !PART_OF_SECRET.test(value) && !/^[a-z][a-z0-9_-]*(?:\/[a-z0-9_.-]+)+$/i.test(value)
    && !/^(?:[a-z0-9]+[-_.])+(?:secrets?|credentials?|creds)$/i.test(value);
}

function isUnlikeName(value: string): boolean {
  return INVENTED.test(value) || (!PART_OF_SECRET.test(value) && !NAME.test(value) && !UUID.test(value) && looksMade(value, 6));
}

/** `user:password`, `user / password`, or the first in base64; where it is certain that it is one, anything that looks made. */
export function isPair(value: string, last: boolean, certain = true): boolean {
  const decoded = /^[A-Za-z0-9+/]{8,}={0,2}$/.test(value) ? Buffer.from(value, 'base64').toString('latin1') : '';
  const pair = /^[\x21-\x7e]{1,64}:[\x21-\x7e]{3,128}$/;
  if (pair.test(decoded)) {
    return true;
  }
  const [, password] = /^[\w.@+-]{1,64}:([^\s:/]{3,128})$/.exec(value) ?? [];
  const [, apart] = /^[\w.@+-]{1,64}\s{0,2}[/|,;:]\s{1,2}(\S{3,128})$/.exec(value) ?? [];
  if (password !== undefined) {
    return last ? !isFilledIn(password) && !/^\d+$/.test(password) : looksMade(password, 6);
  }
  if (apart !== undefined) {
    return last && looksMade(apart, 6);
  }
  // The name of a user is no pair, but a token that is given in place of one is.
  return certain ? looksMade(value, last ? 8 : 16) : last && /^(?:[0-9a-f]{8}){4,5}$/.test(value);
}

function isKey({ last, certain, encryption, noun }: CredentialName, value: string): boolean {
  if (CHANGE_ME.test(value) || (encryption && UUID.test(value)) || PART_OF_SECRET.test(value)) {
    return false;
  }
  if (INVENTED.test(value)) {
    return true;
  }
  const hexadecimal = /^[0-9a-f]+$/i.test(value);
  if (last && certain) {
    return isUnlikeWords(value, noun === 'token' ? 8 : 6) || isChosen(value)
      || (hexadecimal && value.length >= 12 && !/^\d{1,12}$/.test(value));
  }
  // As many digits as issuers give their keys: a hash of an asset has more.
  if (last && hexadecimal && (value.length === 32 || value.length === 40)) {
    return true;
  }
  // A key of which nobody says what it opens: an object, a row, an entry of a cache.
  return !hexadecimal && !UUID.test(value) && !/[/:.|]/.test(value) && looksMade(value, 16);
}

/** Several kinds of characters, and none of the words that a name of a key has. */
const CHOSEN = /^(?=.*\d)(?!.*(?:key|secret|token))[\w-]{12,}$/i;
const MIXED = /[A-Za-z]\d+[A-Za-z]|\d[A-Za-z]+\d|[A-Za-z]{2,}\d{3,}|\d{3,}[A-Za-z]/;

const isChosen = (value: string): boolean => CHOSEN.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value);

/** Not an identifier, and not words with something between them. */
function isUnlikeWords(value: string, least: number): boolean {
  if (/\s/.test(value) || value.length < least || /^\d+$/.test(value) || /^v?\d+(?:\.\d+)+$/.test(value)) {
    return false;
  }
  const mixed = value.split(/[-_./:]/).some((part) => MIXED.test(part));
  return mixed || !IDENTIFIER.test(value) && !NAME.test(value) || isLongMixture(value);
}

/** Letters only, of both cases, in no order that an identifier has. */
function isLongMixture(value: string): boolean {
  const changes = value.match(/[a-z][A-Z]|[A-Z]{2}[a-z]|\d[A-Za-z]|[A-Za-z]\d/g)?.length ?? 0;
  return value.length >= 16 && changes * 4 >= value.length;
}
