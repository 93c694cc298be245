/** What CloudFormation puts in place of a reference, whose value no template tells. */
export const REFERENCE = '\uE000';
/** The same for a pseudo parameter, as the Region: anybody can guess its value. */
export const PSEUDO_PARAMETER = '\uE001';

/** Functions whose arguments are values or conditions of their own. */
const NOT_A_TEXT = new Set([
  'Split', 'ToJsonString', 'Transform', 'Equals', 'Not', 'And', 'Or', 'Contains', 'EachMemberIn', 'EachMemberEquals',
].map((name) => `Fn::${name}`));

/** An object of a template, as JSON has it. */
export type JsonObject = Readonly<Record<string, unknown>>;

const DYNAMIC_REFERENCE = /\{\{resolve:[^{}]{1,512}\}\}/g;
const SUBSTITUTION = /\$\{(!?)([^${}]{0,256})\}/g;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text, a number or the like as text: an object has none, and may even have a `toString` that is no function. */
export function scalarOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? '' : String(value);
}

/** The function of CloudFormation that an object is, and what it is given. */
export function intrinsicOf(value: unknown): readonly [name: string, argument: unknown] | undefined {
  if (!isObject(value)) {
    return undefined;
  }
  let only: string | undefined;
  for (const name in value) {
    if (only !== undefined || !(name === 'Ref' || name.startsWith('Fn::'))) {
      return undefined;
    }
    only = name;
  }
  return only === undefined ? undefined : [only, value[only]];
}

/**
 * Of a function that is no text, what may be the value: each argument, but not the first of `Fn::If`, the name of a condition,
 * and not what a text is split at.
 */
export function branchesOf(name: string, argument: unknown): unknown {
  if (!Array.isArray(argument)) {
    return argument;
  }
  switch (name) {
    case 'Fn::If': return ['', ...argument.slice(1) as unknown[]];
    case 'Fn::Split': return typeof argument[1] === 'string' && piecesOf(argument) || ['', argument[1] as unknown];
    default: return argument;
  }
}

/** Which argument of `Fn::If` counts. */
type Chosen = 1 | 2;

/**
 * The texts that a value becomes where conditions choose parts of it: when all hold, and when none does. A map that lacks what
 * is looked up is such a condition.
 */
export function alternativesOf(value: unknown): string[] {
  return choosesWithin(value) ? [textOf(value, 1), textOf(value, 2)].filter((text) => text !== undefined) : [];
}

function choosesWithin(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  // Nearly every text of a template is asked: no list is made.
  for (const key in value) {
    if (key === 'Fn::If' || key === 'DefaultValue' || choosesWithin((value as JsonObject)[key])) {
      return true;
    }
  }
  return false;
}

/**
 * A value as the text that it becomes, with one character for each reference; nothing for what is not a text.
 */
export function textOf(value: unknown, chosen?: Chosen): string | undefined {
  if (typeof value === 'string') {
    return value.includes('{{') ? value.replace(DYNAMIC_REFERENCE, REFERENCE) : value;
  }
  if (typeof value === 'number') {
    return String(value);
  }
  const intrinsic = intrinsicOf(value);
  return intrinsic && textOfIntrinsic(...intrinsic, chosen);
}

function textOfIntrinsic(name: string, argument: unknown, chosen?: Chosen): string | undefined {
  switch (name) {
    case 'Ref': return reference(argument);
    case 'Fn::Join': return joined(argument, chosen);
    case 'Fn::Sub': return substituted(argument, chosen);
    case 'Fn::Base64': return textOf(argument, chosen);
    case 'Fn::Select': return selected(argument, chosen);
    case 'Fn::FindInMap': return chosen && otherwise(argument, chosen) || REFERENCE;
    case 'Fn::If': return chosen && (textOf(Array.isArray(argument) ? argument[chosen] : undefined, chosen) ?? REFERENCE);
    default: return NOT_A_TEXT.has(name) ? undefined : REFERENCE;
  }
}

function reference(target: unknown): string {
  return typeof target === 'string' && target.startsWith('AWS::') ? PSEUDO_PARAMETER : REFERENCE;
}

function joined(argument: unknown, chosen?: Chosen): string {
  const [separator, list] = Array.isArray(argument) ? argument as unknown[] : [];
  const parts = itemsOf(list, chosen);
  return parts
    ? parts.map((part) => textOf(part, chosen) ?? REFERENCE).join(scalarOf(separator)).replace(DYNAMIC_REFERENCE, REFERENCE)
    : REFERENCE;
}

function substituted(argument: unknown, chosen?: Chosen): string {
  const [template, values] = (Array.isArray(argument) ? argument : [argument, {}]) as unknown[];
  return scalarOf(template)
    .replace(SUBSTITUTION, (_, literal: string, name: string) => {
      if (literal) {
        return `\${${name}}`;
      }
      return isObject(values) && name in values ? textOf(values[name], chosen) ?? REFERENCE : reference(name.trim());
    })
    .replace(DYNAMIC_REFERENCE, REFERENCE);
}

function selected(argument: unknown, chosen?: Chosen): string {
  const [index, list] = Array.isArray(argument) ? argument as unknown[] : [];
  return textOf(itemsOf(list, chosen)?.[Number(scalarOf(index))], chosen) ?? REFERENCE;
}

/** What a list has, where the template tells: one that is written there, or a text that is split. */
function itemsOf(list: unknown, chosen?: Chosen): readonly unknown[] | undefined {
  const [name, argument] = intrinsicOf(list) ?? [];
  return name === 'Fn::Split' ? piecesOf(argument, chosen) : Array.isArray(list) ? list : undefined;
}

/** What `Fn::Split` makes of a text; nothing where it is given no text. */
function piecesOf(argument: unknown, chosen?: Chosen): readonly string[] | undefined {
  const [separator, text] = Array.isArray(argument) ? argument as unknown[] : [];
  return typeof separator === 'string' && separator !== '' ? textOf(text, chosen)?.split(separator) : undefined;
}

/** What a look-up gives where the map has nothing. */
function otherwise(argument: unknown, chosen: Chosen): string | undefined {
  const options: unknown = Array.isArray(argument) ? argument[3] : undefined;
  return isObject(options) ? textOf(options.DefaultValue, chosen) : undefined;
}

/** Logical ids that a value refers to. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(referencesIn);
  }
  const intrinsic = intrinsicOf(value);
  if (!intrinsic) {
    return isObject(value) ? Object.values(value).flatMap(referencesIn) : [];
  }
  const [name, argument] = intrinsic;
  switch (name) {
    case 'Ref': return [scalarOf(argument)];
    case 'Fn::GetAtt': return [scalarOf(Array.isArray(argument) ? argument[0] : argument).split('.')[0]];
    case 'Fn::Sub': {
      const [text, values] = Array.isArray(argument) ? argument as unknown[] : [argument];
      return [...Array.from(scalarOf(text).matchAll(/\$\{([\w:]{1,255})/g), ([, id]) => id), ...referencesIn(values)];
    }
    default: return referencesIn(argument);
  }
}

/** The path of a resource's construct, where the template has it; otherwise the logical id. */
export function pathOf(logicalId: string, resource: unknown): string {
  const metadata: JsonObject = isObject(resource) && isObject(resource.Metadata) ? resource.Metadata : {};
  const path = metadata['aws:cdk:path'];
  return typeof path === 'string' ? path : logicalId;
}
