import { type CfnElement, DefaultTokenResolver, type IResolvable, Reference, StringConcat, Tokenization } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** The constructs that a value refers to, however deep in it. */
export function referencesIn(scope: IConstruct, value: unknown): IConstruct[] {
  const targets: IConstruct[] = [];
  class Collector extends DefaultTokenResolver {
    override resolveToken(token: IResolvable, ...rest: [any, any]): unknown {
      if (Reference.isReference(token)) {
        targets.push(token.target);
      }
      return super.resolveToken(token, ...rest);
    }
  }
  Tokenization.resolve(value, { scope, resolver: new Collector(new StringConcat()), preparing: true });
  return targets;
}

/** The constructs that an element of a template refers to. */
export function referencesOf(element: CfnElement): IConstruct[] {
  return referencesIn(element, (element as unknown as { _toCloudFormation(): object })._toCloudFormation());
}
