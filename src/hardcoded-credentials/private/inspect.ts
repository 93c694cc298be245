import { assignmentIn } from './assignments';
import { issuerOf } from './issuer-tokens';
import { type Leaf, visitLeaves } from './leaves';
import { pairIn } from './pairs';
import { credentialName } from './property-names';
import { credentialInText } from './text-rules';
import { hasReference, isCredential, isFilledIn, isLiteral, isMeantForLater } from './values';

/** Why a text is a credential, or holds one. Never any of its letters, but names. */
export interface Sight {
  readonly rule: Rule;
  readonly why: string;
}

/** The rules by their stable names: users see them in reports. */
export type Rule = 'credential-property' | 'issuer-token' | 'credential-name' | 'credential-in-text';

/** JSON in JSON in base64 is as deep as anybody goes. */
const DEEPEST = 4;
/** What has parts, or could be encoded. */
const COMPOSED = /[=:\s<,"']|^[A-Za-z0-9+/]{24}/;
const BASE64 = /^[A-Za-z0-9+/]{24,}={0,2}$/;
/** The same among other things, and how many of them are looked at. */
const ENCODED = /[A-Za-z0-9+/]{32,}={0,2}/g;
const ENCODED_AT_MOST = 50;
const TEXT = /^[\t\n\r\x20-\x7e\u00a0-\u024f\u2010-\u2030]*$/;
/** What the value of a secret has beside the credential. */
const BESIDE_A_SECRET = new RegExp(`^(?:${[
  '.*user(?:name)?', '(?:.*[_.-]|db)?(?:host(?:name)?|port|name|engine|(?:instance|cluster)identifier|region)', 'database',
  'masterarn',
  '.*url', '.*arn', '.*endpoint', 'account', '.*id', 'email', 'type', 'alg(?:orithm)?', 'scope', 'ssl.*', 'schema',
  'issuer', 'role', 'warehouse', 'kind', 'version', 'description', 'login', 'domain', 'server',
].join('|')})$`, 'i');

/** Looks at the texts of an app, of which most are there many times: at those that are alike once. */
export class Inspector {
  private readonly seen = new Map<string, Sight | undefined>();

  /** Why a text of a template is a credential, where it is one. `isProperty` says that whatever is there is one. */
  inspect(leaf: Leaf, isProperty: boolean): Sight | undefined {
    const { text, key, named, prose, whole } = leaf;
    if (isProperty || leaf.ofSecret) {
      return inspect(leaf, isProperty);
    }
    const alike = `${Number(named)}${Number(prose)}${Number(whole)} ${key.length} ${key}${text}`;
    const seen = this.seen.get(alike);
    if (seen !== undefined || this.seen.has(alike)) {
      return seen;
    }
    const sight = inspect(leaf, false);
    this.seen.set(alike, sight);
    return sight;
  }

  /** What is in the value of a secret: literals, of JSON those that do not merely tell where it is used. */
  inspectSecretString(leaf: Leaf): Sight | undefined {
    const json = parsed(leaf.text);
    if (json === undefined) {
      return isMeantForNow(leaf.text)
        ? { rule: 'credential-property', why: 'the value of a secret is a literal' }
        : undefined;
    }
    let sight: Sight | undefined;
    visitLeaves(json, 'SecretString', ({ text, key }) => {
      const literal = !sight && !BESIDE_A_SECRET.test(key) && !/^(?:true|false|\d{1,3})$/.test(text) && isMeantForNow(text);
      sight = literal ? { rule: 'credential-property', why: `the value of a secret has a literal as ${quoted(key)}` } : sight;
    });
    return sight ?? this.inspect(leaf, false);
  }
}

function inspect(leaf: Leaf, isProperty: boolean, depth = 0): Sight | undefined {
  const { text, key, prose } = leaf;
  if (isProperty || leaf.ofSecret) {
    if (isLiteral(text) && !(leaf.ofSecret && BESIDE_A_SECRET.test(key))) {
      return { rule: 'credential-property', why: isProperty ? 'the property is a credential, and a literal is in it' : `it is in a secret, as ${quoted(key)}` };
    }
  }
  return byIssuer(text) ?? byName(leaf)
    ?? (text.length < 8 || !COMPOSED.test(text) ? undefined : within(text, key, prose, leaf.whole, depth));
}

const isMeantForNow = (text: string): boolean => isLiteral(text) && !isMeantForLater(text);

function byIssuer(text: string): Sight | undefined {
  const issuer = issuerOf(text);
  return issuer === undefined ? undefined : { rule: 'issuer-token', why: `it has the form of ${issuer}` };
}

function byName({ text, key, named, prose, whole }: Leaf): Sight | undefined {
  const name = named && !whole ? credentialName(key) : undefined;
  if (!name) {
    return undefined;
  }
  // API Gateway has literals in single quotes, and headers begin with a scheme.
  const value = /^'.*'$/s.test(text) ? text.slice(1, -1) : text;
  const [, token] = /^(?:Bearer|Token|token|ApiKey|Bot|GenieKey|SSWS|Splunk|Basic)\s+(\S+)$/.exec(value) ?? [];
  const bare = token ?? value;
  const last = name.last && !(prose && name.noun !== 'password');
  return isCredential({ ...name, last }, bare) && parsed(bare) === undefined
    ? { rule: 'credential-name', why: `${quoted(key)} is the name of a credential, and a literal is its value` }
    : undefined;
}

function within(text: string, key: string, prose: boolean, whole: boolean, depth: number): Sight | undefined {
  const json = depth < DEEPEST ? parsed(text) : undefined;
  if (json !== undefined) {
    let sight: Sight | undefined;
    visitLeaves(json, key, (leaf) => {
      const found = sight ? undefined : inspect(leaf, false, depth + 1);
      sight = found ? { ...found, why: inside('JSON', leaf, found.why) } : sight;
    });
    return sight;
  }
  const decoded = depth < DEEPEST && !whole ? decodedFrom(text) : undefined;
  if (decoded !== undefined) {
    const found = byIssuer(decoded) ?? within(decoded, key, prose, false, depth + 1);
    return found && { ...found, why: `in base64: ${found.why}` };
  }
  const why = credentialInText(text);
  if (why !== undefined) {
    return { rule: 'credential-in-text', why };
  }
  const name = assignmentIn(text, prose)?.name ?? pairIn(text);
  return name === undefined
    ? depth < DEEPEST ? encodedIn(text, key, prose, depth) : undefined
    : { rule: 'credential-in-text', why: `the text gives ${quoted(name)} a literal` };
}

/** What a text has in base64 between other things: files that a host is to write. */
function encodedIn(text: string, key: string, prose: boolean, depth: number): Sight | undefined {
  let runs = 0;
  for (const [run] of text.matchAll(ENCODED)) {
    const decoded = runs++ < ENCODED_AT_MOST && run.length < text.length ? decodedFrom(run) : undefined;
    const found = decoded && (byIssuer(decoded) ?? within(decoded, key, prose, false, depth + 1));
    if (found) {
      return { ...found, why: `in base64: ${found.why}` };
    }
  }
  return undefined;
}

function inside(format: string, leaf: Leaf, why: string): string {
  const { property } = leaf.path();
  return property === '' ? why : `in ${format}, at ${quoted(property)}: ${why}`;
}

function parsed(text: string): unknown {
  const trimmed = text.trim();
  const like = /^(?:\{\s*["}]|\[\s*[[{"\]])/.test(trimmed.slice(0, 200)) && /[}\]]$/.test(trimmed);
  if (!like) {
    return undefined;
  }
  try {
    // A reference that is no text, as a number of a port.
    return JSON.parse(trimmed.replace(/(?<=[:[,]\s{0,20})[\uE000\uE001]+(?=\s{0,20}[,}\]])/g, 'null'));
  } catch {
    return undefined;
  }
}

function decodedFrom(text: string): string | undefined {
  const bare = /[\r\n]/.test(text) ? text.replace(/[\r\n]/g, '') : text;
  if (!BASE64.test(bare) || bare.length % 4 === 1 || hasReference(bare)) {
    return undefined;
  }
  const begins = Buffer.from(bare.slice(0, 24), 'base64').toString('latin1');
  const decoded = /^[\t\n\r\x20-\x7e\x80-\xff]*$/.test(begins) ? Buffer.from(bare, 'base64').toString('utf8') : '\0';
  return TEXT.test(decoded) ? decoded : undefined;
}

/** A name, for people: what could be a credential itself, or has no end, is left out. */
function quoted(name: string): string {
  const words = name.replace(/[\uE000\uE001]/g, '*');
  return words.length <= 100 && issuerOf(words) === undefined && !isFilledIn(words) ? `'${words}'` : 'a name';
}
