import { byFirstLetter } from './by-first-letter';

/** What a name says that its value is. */
export interface CredentialName {
  /**
   * `password`: any literal is one. `secret`: a value, or the name of a secret in a store. `key`, `token`: a value that looks
   * made by a machine. `pair`: user and password in one text. `pin`: digits. `phrase`: a dozen words, as wallets have them.
   */
  readonly noun: 'password' | 'secret' | 'key' | 'token' | 'pair' | 'pin' | 'phrase';
  /**
   * Whether nothing but an environment, a number or the like follows: otherwise the value has to look like a credential itself.
   */
  readonly last: boolean;
  /** Whether the words before leave no doubt: a client secret is a value, the secret of a database may be a name. */
  readonly certain: boolean;
  /** Whether it may be the id of a key in AWS KMS. */
  readonly encryption: boolean;
  /** Whether there may be several, with something between. */
  readonly several: boolean;
}

/** Letters that are not English are parts of words as small ones are. */
const WORDS = /[A-Z]+(?![a-z\x80-\ud7ff])|[A-Z]?[a-z\x80-\ud7ff]+|\d+/g;
const NOT_ENGLISH = /[\x80-\ud7ff]/;
const ACCENTS = /[\u0300-\u036f]/g;
/** Words that are written without anything between. */
const GLUED = new RegExp(`^([a-z]*?)(password|passwd|passphrase|passcode|pwd|secret|token|credentials?|${
  '(?:db|smtp|mysql|pg|postgres|user|admin|root|redis|mail|ftp|master|key|store|trust|svc|bind)pass|'
}${'(?:api|secret|access|private|auth|master|encryption|signing|licen[sc]e|shared|account|session|app|crypt)key'})$`);

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Passwords in other languages, without accents: a word of a name is compared without them as well. */
const FOREIGN = `contrasena contrasenya senha passe motdepasse mdp wachtwoord losenord adgangskode passord salasana heslo jelszo
  hasło haslo parola lozinka sifre пароль 密码 密碼 パスワード 비밀번호`;
/** Keys, tokens and secrets in them: a value that looks made. */
const FOREIGN_KEYS =
  'clave chave chiave cle schlussel schluessel sleutel nyckel klucz ключ geheimnis secreto segredo segreto jeton';
const PASSWORDS = words(`password passwords passwd pass pwd pw pswd passphrase passcode passwort kennwort psk authtok ${FOREIGN}`);
const FOREIGN_TOKENS = words(FOREIGN_KEYS);
/** How all of these begin, for what searches texts for names. */
export const FOREIGN_NOUNS: readonly string[] = [...words(FOREIGN.normalize('NFD')), ...FOREIGN_TOKENS, 'contraseña', 'clé'];
const SEVERAL: Readonly<Record<string, string>> = { keys: 'key', tokens: 'token', secrets: 'secret' };
const PAIRS = words('credential credentials creds cred auth authorization authentication basicauth userpass login logins');
/** What is said of a credential that is not the credential. */
const ABOUT = words(`arn arns name names id ids identifier url urls uri endpoint endpoints host hostname path paths file files filename
  dir directory folder location length len size min max minimum maximum count limit limits ttl expiry expiration expires expire expired
  validity duration lifetime timeout age days hours minutes seconds interval period policy policies enabled enable disabled required
  require requires requirement requirements type types format algorithm alg algo method methods mode scheme provider providers
  manager vault rotation rotate rotator schedule version versions stage label labels field fields column attribute attr property param
  parameter parameters ref reference kms alias prefix suffix pattern regex regexp hash hashes hint prompt reset change changed history reuse
  complexity strength check validation validator validate issuer audience scope scopes group groups role roles user users username
  email owner usage description display header headers claim claims index table bucket queue topic service class template status state
  flag feature allowed encoding encoded variable var encryption encrypted hashing iterations rounds cost source storage store
  selection selector generation generator spec pair placeholder message error page screen form input button title
  units unit domains domain arnlist retention recovery forgot fieldname keyname secretname cache lookup handler function lambda
  extension layer agent synced operator controller csi resolver authorizer authorizers jwks address
  hasher encoder decoder encoding encrypter encryptor decrypter decryptor checker verifier parser loader reader writer refresher fetcher
  renewer factory builder processor converter serializer interceptor supplier`);
/** What is said before a credential where there is none. */
const WITHOUT = words('no without skip disabled disable empty');
/** What may follow without changing the meaning. */
const NEUTRAL = words(`value values text plain plaintext string literal base64 b64 base hex raw current old new primary secondary default data
  confirm confirmation live prod production dev develop development stage staging test testing qa uat demo local sandbox a b c main
  word phrase master admin root readonly readwrite ro rw us eu ap east west legacy temp temporary initial bytes utf utf8 secure clear v for db database`);
/** Words before a key that make it one that opens something. */
const KEYS = words(`api secret private access auth encryption signing signature master account storage shared hmac jwt session app application
  subscription admin deploy webhook consumer integration ingest ingestion write server functions rest license licence client cipher aes
  crypt crypto decrypt decryption sas stripe sendgrid mailgun openai anthropic twilio datadog dd relic algolia mapbox segment honeycomb
  production live project service management platform backend upload publish security salt tde wep wpa psk root token fernet secure
  logged nonce gemini maps geocoding firebase paypal braintree square shopify`);
const ENCRYPTION = words('encryption master kms cmk customer storage volume disk');
/** Keys and tokens that everybody may know, or that open nothing. */
const HARMLESS_KEYS = words(`partition sort foreign range hash cache object routing idempotency primary dedupe deduplication group s3 bucket row
  column map translation i18n dictionary lock event message shard site marker pagination page range artifact asset build bundle code image
  layer manifest template source config dataset model snapshot version digest checksum etag deployment package content document record`);
const HARMLESS_TOKENS = words(`next continuation page pagination client task csrf xsrf eos bos pad sep unk start end last first resume creator
  request idempotency sync max stop cancellation`);
/** Before a pin that is one of a chip, or that holds a version. */
const NO_PINS = words('gpio led io chip reset version build release commit digest');
const PHRASES = words('seed recovery secret backup wallet mnemonic');
/** Words before `secret` that leave no doubt that it is a value. */
const SECRETS = words(`client admin jwt session signing webhook cookie shared consumer oauth app hmac totp otp mfa api auth token csrf encryption
  hash nextauth flask django rails better signature state refresh access callback verify verification origin channel bot interaction`);

const known = new Map<string, CredentialName | null>();
const KNOWN_AT_MOST = 20_000;
const LONGEST = 200;
/** What every name of a credential has: most names have nothing of it. */
const NOUN = new RegExp(byFirstLetter([
  'pass', 'kennwort', 'pwd', 'pswd', 'pw', 'psk', 'secret', 'token', 'key', 'cred', 'auth', 'pat', 'jwt', 'sas', 'salt', 'pepper',
  'verify', 'seed', 'login', 'p(?:in|uk)(?![a-z])', 'mnemonic', 'phrase', 'bearer', '[\\x80-\\ud7ff]', ...FOREIGN_NOUNS,
]), 'i');

/** What a name says: of a variable, a property, a header, a parameter, a flag. */
export function credentialName(name: string): CredentialName | undefined {
  if (name.length > LONGEST) {
    return undefined;
  }
  let kind = known.get(name);
  if (kind === undefined) {
    kind = (NOUN.test(name) ? classify(wordsOf(name)) : undefined) ?? null;
    if (known.size >= KNOWN_AT_MOST) {
      known.clear();
    }
    known.set(name, kind);
  }
  return kind ?? undefined;
}

/** The words of a name, in lower case. */
export function wordsOf(name: string): string[] {
  const plain = NOT_ENGLISH.test(name) ? withoutAccents(name) : name;
  return (plain.match(WORDS) ?? []).flatMap((word) => {
    const lower = word.toLowerCase();
    const [, before, noun] = GLUED.exec(lower) ?? [];
    return noun === undefined ? [lower] : [before, ...separated(noun)].filter((part) => part !== '');
  });
}

/** Capitals are no beginnings of words where there is nothing else. */
function withoutAccents(name: string): string {
  const plain = name.normalize('NFD').replace(ACCENTS, '').normalize('NFC');
  return plain === plain.toUpperCase() ? plain.toLowerCase() : plain;
}

function separated(noun: string): string[] {
  const [, qualifier, last] = /^([a-z]+)(key|pass)$/.exec(noun) ?? [];
  return last === undefined ? [noun] : [qualifier, last];
}

function classify(parts: readonly string[]): CredentialName | undefined {
  if (parts.includes('public') || parts.includes('publishable')) {
    return undefined;
  }
  for (let index = parts.length - 1; index >= 0; index--) {
    if (ABOUT.has(parts[index]) || WITHOUT.has(parts[index - 1])) {
      return undefined;
    }
    const several = Object.prototype.hasOwnProperty.call(SEVERAL, parts[index]);
    const noun = several ? nounOfSeveral(parts[index], parts[index - 1]) : nounOf(parts, index);
    if (noun) {
      const before = parts[index - 1] ?? '';
      const last = !several && parts.slice(index + 1).every((word) => NEUTRAL.has(word) || /^\d+$/.test(word));
      const certain = (noun !== 'secret' || SECRETS.has(before)) && (noun !== 'key' || KEYS.has(before))
        && !parts[index].startsWith('login');
      return { noun, last, certain, encryption: ENCRYPTION.has(before), several };
    }
  }
  return undefined;
}

/** Of keys only those that open something: of hosts, of rows and of translations there are several more often. */
function nounOfSeveral(word: string, before = ''): CredentialName['noun'] | undefined {
  return word === 'keys' && !KEYS.has(before) ? undefined : nounOf([before, SEVERAL[word]], 1);
}

function nounOf(parts: readonly string[], index: number): CredentialName['noun'] | undefined {
  const [before, word] = [parts[index - 1] ?? '', parts[index]];
  if (PASSWORDS.has(word)) {
    return 'password';
  }
  if (word === 'secret') {
    return 'secret';
  }
  if (word === 'token' || word === 'pat' || word === 'jwt' || word === 'sas' || word === 'bearer') {
    return HARMLESS_TOKENS.has(before) ? undefined : 'token';
  }
  if (word === 'verify' && before === 'origin') {
    return 'token';
  }
  if (word === 'key' && before !== '') {
    return KEYS.has(before) || !HARMLESS_KEYS.has(before) ? 'key' : undefined;
  }
  if (word === 'seed' && /^(?:totp|otp|mfa|hmac|wallet)$/.test(before)) {
    return 'token';
  }
  if (word === 'salt' || word === 'pepper') {
    return 'key';
  }
  if ((word === 'pin' || word === 'puk') && !NO_PINS.has(before)) {
    return 'pin';
  }
  if (word === 'mnemonic' || (word === 'phrase' && PHRASES.has(before))) {
    return 'phrase';
  }
  if (FOREIGN_TOKENS.has(word)) {
    return 'token';
  }
  return PAIRS.has(word) ? 'pair' : undefined;
}
