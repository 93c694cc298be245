/** Where a template is deployed. */
export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
}

/** What Ref and Fn::GetAtt give of a resource that exists. */
export interface ResourceValues {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

type Argument = any;
type Variables = Record<string, unknown>;

/**
 * Replaces the intrinsic functions of a template with what they stand for. What it does not know is an error, never left in
 * place.
 */
export class TemplateResolver {
  private readonly resources = new Map<string, ResourceValues>();
  private readonly pseudoParameters: ReadonlyMap<string, string | undefined>;
  protected readonly functions: Record<string, (argument: Argument) => unknown> = {
    'Ref': (name: string) => this.ref(name),
    'Fn::GetAtt': (argument: [string, string] | string) => this.attribute(...split(argument)),
    'Fn::Join': ([delimiter, parts]: [string, unknown]) =>
      [this.resolve<unknown>(parts)].flat()
        .map((part) => this.text(part, 'Fn::Join'))
        .join(delimiter),
    'Fn::Select': ([index, list]: [number | string, unknown]) => this.resolve<unknown[]>(list)[Number(index)],
    'Fn::Split': ([delimiter, whole]: [string, unknown]) => this.text(this.plain(whole), 'Fn::Split').split(delimiter),
    'Fn::Sub': (argument: string | [string, Variables]) => this.substitute(...([argument].flat() as [string, Variables?])),
  };

  constructor(place: Place) {
    this.pseudoParameters = new Map([
      ['AWS::Partition', place.partition],
      ['AWS::AccountId', place.account],
      ['AWS::Region', place.region],
      ['AWS::StackName', place.stackName],
      ['AWS::URLSuffix', 'amazonaws.com'],
      ['AWS::NoValue', undefined],
    ]);
  }

  /** From now on the resource exists. */
  define(logicalId: string, values: ResourceValues): void {
    this.resources.set(logicalId, values);
  }

  /** The value without intrinsic functions; what is AWS::NoValue is left out. */
  resolve<T>(value: unknown): T {
    return this.plain(value) as T;
  }

  /** What takes the place of something that is not known. */
  protected missing(_name: string, problem: string): string {
    throw new Error(problem);
  }

  private plain(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map((entry) => this.plain(entry)).filter((entry) => entry !== undefined);
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const name = Object.keys(value).find((key) => key === 'Ref' || key.startsWith('Fn::'));
    if (name === undefined) {
      return Object.fromEntries(
        Object.entries(value)
          .map(([key, entry]) => [key, this.plain(entry)])
          .filter(([, entry]) => entry !== undefined),
      );
    }
    if (this.functions[name] === undefined) {
      return this.missing(
        name, `${name} is not one of the intrinsic functions that are known here: ${Object.keys(this.functions).join(', ')}`,
      );
    }
    return this.functions[name]((value as Record<string, unknown>)[name]);
  }

  private ref(name: string): string | undefined {
    return this.pseudoParameters.has(name)
      ? this.pseudoParameters.get(name)
      : this.resources.get(name)?.ref ?? this.missing(name, `${name} is referred to and was not created`);
  }

  private attribute(logicalId: string, name: string): string {
    const problem = this.resources.has(logicalId)
      ? `${logicalId} has no attribute ${name} here`
      : `${logicalId} is referred to and was not created`;
    return this.resources.get(logicalId)?.attributes?.[name] ?? this.missing(`${logicalId}.${name}`, problem);
  }

  private substitute(template: string, variables: Variables = {}): string {
    return template.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) {
        return `\${${name}}`;
      }
      if (name in variables) {
        return this.text(this.plain(variables[name]), 'Fn::Sub');
      }
      return this.text(name.includes('.') ? this.attribute(...split(name)) : this.ref(name), 'Fn::Sub');
    });
  }

  private text(value: unknown, name: string): string {
    return typeof value === 'string' || typeof value === 'number'
      ? String(value)
      : this.missing(name, `${name} takes texts, not ${JSON.stringify(value)}`);
  }
}

function split(argument: [string, string] | string): [string, string] {
  return typeof argument === 'string' ? /^([^.]+)\.(.+)$/.exec(argument)!.slice(1) as [string, string] : argument;
}
