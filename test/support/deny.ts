/** Decides, as IAM documents it, whether statements deny a request: only for the operators that the rails use. */

/** Where a template is deployed. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** The action and the condition keys of a request; a key that is absent is not part of it. */
export type Request = { readonly action: string } & { readonly [key: string]: string | undefined };

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: string | string[] } };
}

/** Fills in the pseudo parameters of a template. */
export function resolveIn(place: Place, value: unknown): unknown {
  const pseudo: { [name: string]: string } = {
    'AWS::Partition': place.partition,
    'AWS::Region': place.region,
    'AWS::AccountId': place.account,
  };
  if (Array.isArray(value)) {
    return value.map((entry) => resolveIn(place, entry));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { 'Fn::Sub': text, 'Fn::Join': join, Ref: name, ...others } =
    value as { 'Fn::Sub'?: string; 'Fn::Join'?: [string, unknown[]]; 'Ref'?: string };
  if (text !== undefined) {
    return text.replace(/\$\{(AWS::\w+)\}/g, (_, parameter: string) => pseudo[parameter]);
  }
  if (join !== undefined) {
    return (resolveIn(place, join[1]) as string[]).join(join[0]);
  }
  if (name !== undefined) {
    return pseudo[name] ?? { Ref: name };
  }
  return Object.fromEntries(Object.entries(others).map(([key, entry]) => [key, resolveIn(place, entry)]));
}

/** Whether any of the statements denies the request. */
export function denies(statements: unknown[], request: Request): boolean {
  return (statements as Statement[]).some(({ Effect, Action, Condition }) => {
    const conditions = Object.entries(Condition ?? {})
      .flatMap(([operator, keys]) => Object.entries(keys).map(([key, values]) => ({ operator, key, values: list(values) })));
    return Effect === 'Deny' && list(Action).some((action) => isLike(action, request.action))
      && conditions.every(({ operator, key, values }) => isMet(operator, values, request[key]));
  });
}

function isMet(operator: string, allowed: string[], value: string | undefined): boolean {
  const [, name, isIfExists] = /^(\w+?)(IfExists)?$/.exec(operator)!;
  const isNegated = name.includes('Not');
  if (value === undefined) {
    // A negated operator matches a key that is absent.
    return isIfExists !== undefined || isNegated;
  }
  const match: { [operator: string]: () => boolean } = {
    Bool: () => allowed.includes(value),
    StringNotEquals: () => !allowed.includes(value),
    ArnNotLike: () => !allowed.some((pattern) => isLike(pattern, value)),
  };
  return match[name]();
}

function isLike(pattern: unknown, value: string): boolean {
  // An ARN that only the deployment knows is nobody's in a test.
  return (
    typeof pattern === 'string'
    && new RegExp(
      `^${pattern
        .split('*')
        .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}$`,
    ).test(value)
  );
}

function list(value: string | string[]): string[] {
  return ([] as string[]).concat(value);
}
