import { type IConstruct, RootConstruct } from 'constructs';
import { ValidationError } from './errors';
import { CALLS } from './public-calls';
import { KINDS, STRUCTS } from './public-types';

/** A parameter or a property. */
interface Part {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
}

/** Where a value was given: how the message names a part of it. */
interface Place {
  readonly scope?: IConstruct;
  readonly call: string;
  readonly nameOf: (part: string) => string;
}

type Callable = (this: unknown, ...given: unknown[]) => unknown;

/** Parameters whose properties are named alone, as documentation does: `Rotation.custom(handler)`. */
const NOT_NAMED = new Set(['options', 'props']);
const PRIMITIVES: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', boolean: 'true or false' };
const partsOf: (text: string) => Part[] = memory((text) => text.split(', ').flatMap((part) => {
  if (part.startsWith('...')) {
    return partsOf(STRUCTS[part.slice('...'.length)]);
  }
  const [name, type] = part.split(': ');
  return [{ name: name.replace('?', ''), type, optional: name.endsWith('?') }];
}));

/**
 * Lets the factories and methods of public classes refuse what only languages without types let through: what is missing or of
 * another type, by its name and before anything is made of it. Constructors ask `requireArguments()` themselves.
 */
export function refuseWrongTypes(classes: Readonly<Record<string, unknown>>): void {
  for (const call of Object.keys(CALLS).filter((name) => name.includes('.'))) {
    const [className, member] = call.split('.');
    const owner = classes[className] as Record<string, Callable> & { prototype: Record<string, Callable> };
    const holder = member in owner ? owner : owner.prototype;
    const original = holder[member];
    holder[member] = function (this: unknown, ...given: unknown[]): unknown {
      requireArguments(isConstruct(this) ? this : undefined, call, given, holder === owner ? call : member);
      return original.apply(this, given);
    };
  }
}

/**
 * Refuses arguments that are missing or of another type.
 *
 * @param scope what a message names: the call itself where there is no construct yet.
 * @param call what was called, as the public API names it.
 * @param shown what the message calls it: nothing for a constructor, whose path and property say enough.
 */
export function requireArguments(scope: IConstruct | undefined, call: string, given: readonly unknown[], shown?: string): void {
  const nameOf = (part: string): string => shown === undefined ? part : `${shown}(${part})`;
  partsOf(CALLS[call]).forEach((part, index) => requirePart({ scope, call, nameOf }, part, given[index]));
}

function requirePart(place: Place, { name, type, optional }: Part, value: unknown, within = ''): void {
  if (optional && value === undefined) {
    return;
  }
  const path = `${within}${name}`;
  if (!fits(type, value)) {
    const property = place.nameOf(path);
    const remedy = remedyFor(type, value, name.startsWith('['));
    const scope = place.scope ?? new RootConstruct(place.call);
    throw new ValidationError({ scope, property, got: shownOf(value), allowed: nounOf(type), remedy });
  }
  const element = elementOf(type);
  if (element !== undefined) {
    for (const [key, each] of Object.entries(value as object)) {
      requirePart(place, { name: Array.isArray(value) ? `[${key}]` : `.${key}`, type: element, optional: false }, each, path);
    }
  }
  if (type in STRUCTS) {
    const before = within === '' && NOT_NAMED.has(name) ? '' : `${path}.`;
    for (const property of partsOf(STRUCTS[type])) {
      requirePart(place, property, (value as Record<string, unknown>)[property.name], before);
    }
  }
}

function fits(type: string, value: unknown): boolean {
  if (type in PRIMITIVES) {
    return typeof value === type;
  }
  if (type.endsWith('[]')) {
    return Array.isArray(value);
  }
  const { member, primitive } = KINDS[type] ?? {};
  if (primitive) {
    return typeof value === 'string' || typeof value === 'number';
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) && (member === undefined || member in value);
}

/** The type of what is in a list or in an object of any names. */
function elementOf(type: string): string | undefined {
  return /^(.*)(\[\]|\{\})$/.exec(type)?.[1];
}

/** Never a text, which may be the secret value itself, and nothing that an object holds. */
function shownOf(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'function') {
    return typeof value === 'string' ? 'a text' : 'a function';
  }
  if (typeof value === 'object' && value !== null && !isConstruct(value) && Object.keys(value).length > 0) {
    return Array.isArray(value) ? 'a list' : 'an object';
  }
  return value;
}

function nounOf(type: string): string {
  const element = elementOf(type);
  if (element !== undefined) {
    return `${type.endsWith('[]') ? 'a list' : 'an object'} of values, each ${nounOf(element)}`;
  }
  if (type in STRUCTS) {
    const required = partsOf(STRUCTS[type]).filter(({ optional }) => !optional).map(({ name }) => `\`${name}\``);
    return `an object with the properties of ${type}${required.length > 0 ? `, such as ${required.join(' and ')}` : ''}`;
  }
  const [name, module] = type.split('.').reverse();
  const made = KINDS[type]?.made;
  return PRIMITIVES[type] ?? `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`
    + (made === undefined ? '' : `: ${made}`)
    + (module === undefined ? '' : ` of aws-cdk-lib/${module.replaceAll('_', '-')}`);
}

function remedyFor(type: string, value: unknown, isEntry: boolean): string {
  if (value === undefined) {
    return isEntry ? 'leave the entry out' : 'give it';
  }
  if (type.endsWith('[]') && fits(elementOf(type)!, value)) {
    return 'put it in a list';
  }
  return 'pass such a value';
}

function isConstruct(value: unknown): value is IConstruct {
  return typeof value === 'object' && value !== null && 'node' in value;
}

/** Remembers what was made of a text. */
function memory<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const made = known.get(text) ?? make(text);
    known.set(text, made);
    return made;
  };
}
