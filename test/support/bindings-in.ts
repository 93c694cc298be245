import { type PackedBindings, unpackBindings } from '../../src/contract/bindings';

const ARNS = /^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:/;
const PSEUDO: Record<string, string> = { 'AWS::Partition': 'aws', 'AWS::Region': 'us-east-1', 'AWS::AccountId': '111111111111' };

/** What a function is told of its secrets, from its template: a secret of the same template by its logical id, or as given. */
export function bindingsIn(variable: unknown, textOf = referred): Record<string, any>[] {
  const bindings = unpackBindings(JSON.parse(joined(variable, textOf)) as PackedBindings);
  return bindings.map((binding) => ({ ...binding, secret: String(binding.secret).replace(ARNS, '') }));
}

/** A text as CloudFormation would put it together. */
function joined(value: any, textOf: (value: any) => string): string {
  if (typeof value === 'string') {
    return value;
  }
  if (value['Fn::Join']) {
    return value['Fn::Join'][1].map((part: unknown) => joined(part, textOf)).join('');
  }
  // The end of an ARN.
  return textOf(value['Fn::Select']?.[1]?.['Fn::Split']?.[1] ?? value);
}

/** Of a reference what it refers to, of another function its name. */
function referred(value: any): string {
  return PSEUDO[value.Ref] ?? value.Ref ?? `<${Object.keys(value)[0]}>`;
}
