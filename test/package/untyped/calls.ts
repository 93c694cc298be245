import type { Stack } from 'aws-cdk-lib/core';
import { NAMED, VALUES } from './values';
import { ForwardAccessSessions, Rotation } from '../../../src';
import { type Member, publicTypes, type Type } from '../assembly';

/** Something public that takes arguments. */
export interface Call {
  readonly name: string;
  readonly type: Type;
  readonly member?: Member;
  readonly parameters: readonly Member[];
}

/** One argument or one property of one that is not what it should be. */
export interface Mistake {
  readonly where: string;
  /** What an error may name: the argument or the property, or what an object is without. */
  readonly names: readonly string[];
  readonly argumentsOf: (stack: Stack) => unknown[];
}

const types = publicTypes();
const structs = new Map(types.filter(({ datatype }) => datatype).map((type) => [type.name, type]));

/** What a value has that should be another, or be there. */
const WRONG: unknown[] = [undefined, null, {}, 'text', 7, true, [], Rotation.none, ForwardAccessSessions.EXEMPT];

/** Every public constructor, factory and method that takes something of ours. */
export function publicCalls(): Call[] {
  return types.filter(({ kind }) => kind === 'class').flatMap((type) => [
    ...type.initializer?.parameters?.length && !type.initializer.protected
      ? [{ name: type.name, type, parameters: type.initializer.parameters }]
      : [],
    ...(type.methods ?? []).filter(({ parameters, abstract }) => parameters?.length && !abstract).map((member) => ({
      name: `${type.name}.${member.name}`, type, member, parameters: member.parameters!,
    })),
  ]);
}

/** The arguments of a call that is right: what is optional is left out, for most. */
export function rightArguments(call: Call, stack: Stack): unknown[] {
  return call.parameters.map((parameter) => rightValue(call, parameter, stack));
}

/** Every call with one mistake. */
export function mistakesOf(call: Call): Mistake[] {
  return call.parameters.flatMap((parameter, index) => {
    if (isPlace(parameter)) {
      return [];
    }
    const replaced = (value: (stack: Stack) => unknown) => (stack: Stack) => call.parameters.map((each, at) =>
      at === index ? value(stack) : rightValue(call, each, stack));
    const struct = structOf(parameter);
    const required = (struct ? propertiesOf(struct) : []).filter(({ optional }) => !optional).map(({ name }) => name);
    const whole = wrongFor(parameter).map((wrong): Mistake => ({
      where: `${parameter.name}: ${shown(wrong)}`, names: [parameter.name, ...required], argumentsOf: replaced(() => wrong),
    }));
    const parts = (struct ? mistakesIn(struct, parameter.name) : []).map(({ where, names, valueOf: wrong }): Mistake => ({
      where,
      names,
      argumentsOf: replaced((stack) => ({ ...(rightValue(call, parameter, stack) ?? {}) as object, ...wrong(stack) })),
    }));
    return [...whole, ...parts];
  });
}

/** Each wrong property of a struct, and of the structs in it. */
function mistakesIn(struct: Type, path: string): { where: string; names: string[]; valueOf: (stack: Stack) => object }[] {
  return propertiesOf(struct).flatMap((property) => {
    const where = `${path}.${property.name}`;
    const whole = wrongFor(property).map((wrong) => ({
      where: `${where}: ${shown(wrong)}`, names: [property.name], valueOf: () => ({ [property.name]: wrong }),
    }));
    const inner = structOf(property);
    const parts = (inner ? mistakesIn(inner, where) : []).map((part) => ({
      ...part, valueOf: (stack: Stack) => ({ [property.name]: { ...rightStruct(inner!, stack), ...part.valueOf(stack) } }),
    }));
    return [...whole, ...parts];
  });
}

function isPlace({ name, type }: Member): boolean {
  return name === 'id' || fqnOf(type) === 'Construct';
}

function rightValue(call: Call, parameter: Member, stack: Stack): unknown {
  const named = NAMED[`${call.name}(${parameter.name})`];
  if (named || parameter.optional) {
    return named?.(stack);
  }
  if (isPlace(parameter)) {
    return parameter.name === 'id' ? 'Made' : stack;
  }
  const struct = structOf(parameter);
  return struct ? rightStruct(struct, stack) : valueOf(parameter.type, stack);
}

function rightStruct(struct: Type, stack: Stack): Record<string, unknown> {
  return Object.fromEntries(propertiesOf(struct).filter(({ optional }) => !optional).map((property) =>
    [property.name, NAMED[`${struct.name}.${property.name}`]?.(stack) ?? valueOf(property.type, stack)]));
}

function valueOf(type: unknown, stack: Stack): unknown {
  const { collection } = type as { collection?: { kind: string; elementtype: unknown } };
  if (collection) {
    const element = valueOf(collection.elementtype, stack);
    return collection.kind === 'array' ? [element] : { field: element };
  }
  const make = VALUES[fqnOf(type)];
  if (!make) {
    throw new Error(`no value of the type ${fqnOf(type)}: add one to values.ts`);
  }
  return make(stack);
}

/** The wrong values that are not right for a type. */
function wrongFor({ type, optional, name }: Member): unknown[] {
  const fqn = fqnOf(type);
  const { collection } = type as { collection?: { kind: string } };
  return WRONG.filter((wrong) => !(
    (optional && wrong === undefined)
    || fqn === typeof wrong
    // Only the AWS CDK knows the values of its enumerations: any text and any number pass.
    || (/RemovalPolicy|RetentionDays|Tracing/.test(fqn) && ['string', 'number'].includes(typeof wrong))
    || (fqn === 'ForwardAccessSessions' && wrong === ForwardAccessSessions.EXEMPT)
    || (collection?.kind === 'array' && Array.isArray(wrong))
    || (collection?.kind === 'map' && shown(wrong) === '{}')
    || (isOpen({ type, name }) && typeof wrong === 'object' && wrong !== null && !Array.isArray(wrong))
  ));
}

/** Whether any object will do: a struct of the AWS CDK, or one of ours of which nothing is required. */
function isOpen(member: Member): boolean {
  const struct = structOf(member);
  return struct ? propertiesOf(struct).every(({ optional }) => optional)
    : ['aws_secretsmanager.SecretStringGenerator', 'aws_cloudwatch.MetricOptions', 'aws_ec2.SubnetSelection', 'IDependable']
      .includes(fqnOf(member.type));
}

function structOf({ type }: Member): Type | undefined {
  return structs.get(fqnOf(type));
}

function propertiesOf(struct: Type): Member[] {
  const inherited = (struct.interfaces ?? []).flatMap((fqn) => propertiesOf(structs.get(shortName(fqn))!));
  return [...struct.properties ?? [], ...inherited];
}

function fqnOf(type: unknown): string {
  const { fqn, primitive, collection } = type as { fqn?: string; primitive?: string; collection?: unknown };
  return collection ? 'collection' : primitive ?? shortName(fqn!);
}

function shortName(fqn: string): string {
  return fqn.replace(/^(cdk-secretsmanager-patterns|aws-cdk-lib|constructs)\./, '');
}

function shown(value: unknown): string {
  return value === undefined || typeof value === 'function' ? typeof value : JSON.stringify(value);
}
