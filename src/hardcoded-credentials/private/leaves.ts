import { credentialName } from './property-names';
import { alternativesOf, branchesOf, intrinsicOf, isObject, type JsonObject, scalarOf, textOf } from './template-text';

/** A text in a template, or in JSON inside a text. */
export interface Leaf {
  readonly text: string;
  /** What names it: the name in a pair of name and value, otherwise the property. */
  readonly key: string;
  /** The properties on the way, without positions in lists and without the functions of CloudFormation. */
  readonly names: readonly string[];
  /** Whether the key says something of the text: not in policies, for example, whose keys are conditions. */
  readonly named: boolean;
  /** Whether the text is for people. */
  readonly prose: boolean;
  /** Whether a secret of Kubernetes has it. */
  readonly ofSecret: boolean;
  /** What is beside it says whether it is a secret, where something does. */
  readonly markedAsSecret?: boolean;
  /** Whether it is the text of a whole list, as a command is. */
  readonly whole: boolean;
  /** What the template has. */
  readonly value: unknown;
  /** Where it is: what acknowledges it, and what the AWS CDK finds it by. */
  readonly path: () => Path;
}

/** A path in both forms. */
export interface Path {
  /** Items of a list by their name, where they have one. */
  readonly property: string;
  /** Items of a list by their position. */
  readonly location: string;
}

interface Step {
  readonly name: string;
  /** Of an item, what it is called. */
  readonly item?: string;
}

interface Around {
  readonly key: string;
  readonly named: boolean;
  readonly prose: boolean;
  readonly ofSecret: boolean;
  readonly markedAsSecret?: boolean;
}

const NAME_KEYS = [
  'Name', 'name', 'Key', 'key', 'ParameterKey', 'ParameterName', 'OptionName', 'HeaderName', 'HttpHeaderName', 'Header',
  'header', 'Variable',
  'VariableName', 'variable', 'AttributeName', 'Id', 'id',
];
const VALUE_KEYS = new Set([
  'Value', 'value', 'Values', 'ParameterValue', 'HeaderValue', 'DefaultValue', 'StringValue', 'stringValue', 'AttributeValue',
  'SearchString', 'SearchStringBase64',
]);
/** What holds the value of the object that has it: `DbPassword: { Default: … }`, and attributes as Amazon DynamoDB has them. */
const VALUE_OF_NAMED = [
  'Default', 'default', 'Value', 'value', 'S', 'stringValue', 'StringValue', 'StaticValue', 'Values', 'const',
];
/** Whose keys are conditions, actions or names in a store. */
const NOT_NAMING = new RegExp(`^(?:${[
  '.*PolicyDocument', 'KeyPolicy', 'ResourcePolicy', 'Policy', 'Statement', 'EventPattern', 'secrets-manager',
  'parameter-store', 'valueFrom',
  'ValueFrom', 'secretKeyRef', 'SecretOptions', 'Secrets', '.*\\.\\$',
].join('|')})$`);
const FOR_PEOPLE = new RegExp(`^(?:${[
  '.*[Dd]escription', 'Comment', 'comment', '.*Message', 'EmailBody', 'EmailSubject', '[Dd]ocumentation', '[Tt]itle',
  '[Ll]abel', '[Tt]ags',
].join('|')})$`);

/** What a property says of what is in it. */
interface Meaning {
  readonly naming: boolean;
  readonly forPeople: boolean;
}

const meanings = new Map<string, Meaning>();
const MEANINGS_AT_MOST = 20_000;

function meaningOf(property: string): Meaning {
  let meaning = meanings.get(property);
  if (meaning === undefined) {
    meaning = { naming: !NOT_NAMING.test(property), forPeople: FOR_PEOPLE.test(property) };
    if (meanings.size < MEANINGS_AT_MOST) {
      meanings.set(property, meaning);
    }
  }
  return meaning;
}

const COMMAND = /command|entrypoint|args|test$/i;
const DEEPEST = 100;

/** Visits every text of a value. */
export function visitLeaves(value: unknown, key: string, visit: (leaf: Leaf) => void): void {
  new Visitor(visit).visit(value, { key, named: true, prose: false, ofSecret: false });
}

class Visitor {
  private readonly steps: Step[] = [];
  private readonly names: string[] = [];

  constructor(private readonly found: (leaf: Leaf) => void) {}

  visit(value: unknown, around: Around): void {
    if (this.steps.length > DEEPEST) {
      return;
    }
    const text = textOf(value);
    if (text !== undefined) {
      this.report(text, value, around, false);
      alternativesOf(value).forEach((alternative) => this.report(alternative, value, around, false));
    } else if (Array.isArray(value)) {
      this.visitList(value, around);
    } else if (isObject(value)) {
      this.visitObject(value, around);
    }
  }

  private report(text: string, value: unknown, around: Around, whole: boolean): void {
    if (text !== '') {
      this.found({
        text,
        key: around.key,
        names: this.names,
        named: around.named,
        prose: around.prose,
        ofSecret: around.ofSecret,
        markedAsSecret: around.markedAsSecret,
        whole,
        value,
        path: () => pathOf(this.steps),
      });
    }
  }

  private visitList(list: readonly unknown[], around: Around): void {
    list.forEach((item, index) => {
      this.steps.push({ name: String(index), item: nameOf(item)?.[1] ?? String(index) });
      this.visit(item, around);
      this.steps.pop();
    });
    const texts = list.length > 1 ? list.map((item) => textOf(item)) : [];
    if (texts.length > 0 && (COMMAND.test(around.key) || texts.some((text) => text?.startsWith('-')))) {
      const whole = texts.filter((text) => text !== undefined).map((text) => /\s/.test(text) ? `"${text}"` : text).join(' ');
      this.report(whole, list, around, true);
    }
  }

  private visitObject(object: JsonObject, around: Around): void {
    const intrinsic = intrinsicOf(object);
    if (intrinsic) {
      const [name, argument] = intrinsic;
      const branches = branchesOf(name, argument);
      this.steps.push({ name });
      const key = name === 'Fn::Equals' ? comparedIn(branches) : fieldOfSecret(branches);
      this.visit(branches, { ...around, key: key ?? around.key });
      this.steps.pop();
      return;
    }
    const [nameKey, name] = nameOf(object) ?? [];
    const elsewhere = name !== undefined && /^(?:PARAMETER_STORE|SECRETS_MANAGER)$/.test(scalarOf(object.Type ?? object.type));
    const secret = object.kind === 'Secret' && typeof object.apiVersion === 'string';
    const marked = markOf(object);
    const named = name === undefined && credentialName(around.key) !== undefined && VALUE_OF_NAMED.some((key) => key in object);
    for (const property in object) {
      const paired = name !== undefined && property !== nameKey && VALUE_KEYS.has(property);
      const meaning = meaningOf(property);
      this.steps.push({ name: property });
      this.names.push(property);
      this.visit(object[property], {
        key: paired ? name : named && VALUE_OF_NAMED.includes(property) ? around.key : property,
        named: around.named && (meaning.naming || isRuleOfFirewall(property, object[property])) && !(paired && elsewhere),
        prose: around.prose || meaning.forPeople,
        ofSecret: around.ofSecret || (secret && /^(?:data|stringData)$/.test(property)) || (property === 'd' && isKey(object)),
        markedAsSecret: VALUE_KEYS.has(property) ? marked : undefined,
      });
      this.names.pop();
      this.steps.pop();
    }
  }
}

/** Where one of several values is a field of a secret, the others are what it is elsewhere. */
function fieldOfSecret(values: unknown): string | undefined {
  const fields = Array.isArray(values)
    ? values.map((value) => /^\{\{resolve:secretsmanager:[^{}]*:SecretString:([\w-]+)/.exec(scalarOf(value))?.[1])
    : [];
  return fields.find((field) => field !== undefined && credentialName(field) !== undefined);
}

/** What a literal is compared with is what it is, whatever the condition is called. */
function comparedIn(values: unknown): string | undefined {
  const [name, target] = (Array.isArray(values) ? values : []).map(intrinsicOf).find((each) => each?.[0] === 'Ref') ?? [];
  return name === undefined ? undefined : scalarOf(target);
}

/** A pair of keys as JSON Web Keys have it, where `d` is what only its owner knows. */
const isKey = ({ kty, d }: JsonObject): boolean => typeof kty === 'string' && typeof d === 'string';

/** What an object says of its value. */
function markOf(object: JsonObject): boolean | undefined {
  if (object.IsValueSecret !== undefined) {
    return scalarOf(object.IsValueSecret) === 'true';
  }
  return object.Type === 'SecureString' || object.type === 'SecureString' || undefined;
}

/** What an object with a name and a value is called, and by which property. */
function nameOf(item: unknown): [key: string, name: string] | undefined {
  if (isObject(item)) {
    for (const key of NAME_KEYS) {
      const name = key in item ? textOf(item[key]) : undefined;
      if (name !== undefined) {
        return [key, name];
      }
    }
    const header = item.FieldToMatch === undefined ? undefined : textOf(headerOf(item.FieldToMatch));
    return header === undefined ? undefined : ['FieldToMatch', header];
  }
  return undefined;
}

/** A statement of AWS WAF says what is compared; one of a policy has conditions. */
const isRuleOfFirewall = (property: string, value: unknown): boolean =>
  property === 'Statement' && isObject(value) && value.Effect === undefined;

/** The header that a rule of AWS WAF compares. */
function headerOf(field: unknown): unknown {
  const header = isObject(field) ? field.SingleHeader ?? field.SingleQueryArgument : undefined;
  return isObject(header) ? header.Name ?? header.name : undefined;
}

function pathOf(steps: readonly Step[]): Path {
  return {
    property: steps.map(({ name, item }) => item === undefined ? `.${name}` : `[${item.replace(/[\uE000\uE001]/g, '*')}]`).join('').replace(/^\./, ''),
    location: steps.map(({ name }) => name).join('.'),
  };
}
