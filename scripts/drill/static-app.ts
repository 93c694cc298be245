import { LenientResolver, type Unknown } from './lenient-resolver';
import { pathOf } from './paths';
import type { SynthesisedStack } from '../local-deployment/cloud-assembly';

const SECRET = 'AWS::SecretsManager::Secret';
const ATTACHMENT = 'AWS::SecretsManager::SecretTargetAttachment';
const FUNCTION = 'AWS::Lambda::Function';
/** What AWS puts behind the name of a secret in its ARN: six characters. */
const END = '-AbCdEf';

/** A secret of an app. */
export interface FoundSecret {
  readonly title: string;
  readonly stack: SynthesisedStack;
  readonly logicalId: string;
  /** The name that the template gives it, or one like it. */
  readonly secretName: string;
  /** An ARN like that which it will have. */
  readonly arn: string;
}

/** A function of an app. */
export interface FoundFunction {
  readonly stack: SynthesisedStack;
  readonly logicalId: string;
  readonly arn: string;
  /** What is not known before the deployment stands for itself. */
  readonly environment: Readonly<Record<string, string>>;
}

/** An app as its templates tell, before anything is created. */
export class StaticApp {
  private readonly secrets: FoundSecret[] = [];
  private readonly functions: FoundFunction[] = [];
  private readonly resolvers = new Map<SynthesisedStack, LenientResolver>();

  constructor(readonly stacks: readonly SynthesisedStack[]) {
    const exported = new Map<string, unknown>();
    for (const stack of stacks) {
      const resolver = new LenientResolver(stack, exported);
      this.resolvers.set(stack, resolver);
      this.findSecrets(stack, resolver);
      this.defineFunctions(stack, resolver);
      resolver.export();
    }
    stacks.forEach((stack) => this.findFunctions(stack));
  }

  /** The secret that a property refers to, by reference, ARN or name. */
  secretOf(stack: SynthesisedStack, property: unknown): FoundSecret | undefined {
    return this.secretNamed(this.resolvers.get(stack)!.resolve<string>(property));
  }

  secretNamed(nameOrArn: string): FoundSecret | undefined {
    return this.secrets.find(({ arn, secretName }) =>
      [arn, secretName, arn.slice(0, -END.length), `${arn.slice(0, -END.length)}-??????`].includes(nameOrArn),
    );
  }

  /** Those whose ARN is in a text. */
  secretsIn(text: string): FoundSecret[] {
    return this.secrets.filter(({ arn }) => text.includes(arn));
  }

  functionOf(stack: SynthesisedStack, property: unknown): FoundFunction | undefined {
    const arn = this.resolvers.get(stack)!.resolve<string>(property);
    return this.functions.find((one) => one.arn === arn);
  }

  /** The type of the resource that something unknown is of. */
  typeOf(unknown: Unknown | undefined): string | undefined {
    return this.stackNamed(unknown?.stackName)?.resources[unknown!.logicalId]?.Type;
  }

  stackNamed(name: string | undefined): SynthesisedStack | undefined {
    return this.stacks.find((stack) => stack.name === name);
  }

  resolve<T>(stack: SynthesisedStack, value: unknown): T {
    return this.resolvers.get(stack)!.resolve<T>(value);
  }

  private findSecrets(stack: SynthesisedStack, resolver: LenientResolver): void {
    for (const [logicalId, resource] of ofType(stack, SECRET)) {
      const secretName = resolver.resolve<string | undefined>(resource.Properties?.Name) ?? `${stack.name}-${logicalId}`;
      const partition = resolver.resolve<string>({ Ref: 'AWS::Partition' });
      const arn = `arn:${partition}:secretsmanager:${stack.region}:${stack.account}:secret:${secretName}${END}`;
      resolver.define(logicalId, { ref: arn, attributes: { Id: arn } });
      this.secrets.push({ title: pathOf(resource, logicalId), stack, logicalId, secretName, arn });
    }
    for (const [logicalId, { Properties }] of ofType(stack, ATTACHMENT)) {
      resolver.define(logicalId, { ref: resolver.resolve<string>(Properties?.SecretId) });
    }
  }

  private defineFunctions(stack: SynthesisedStack, resolver: LenientResolver): void {
    for (const [logicalId, { Properties }] of ofType(stack, FUNCTION)) {
      const name = resolver.resolve<string | undefined>(Properties?.FunctionName) ?? `${stack.name}-${logicalId}`;
      const partition = resolver.resolve<string>({ Ref: 'AWS::Partition' });
      const arn = `arn:${partition}:lambda:${stack.region}:${stack.account}:function:${name}`;
      resolver.define(logicalId, { ref: name, attributes: { Arn: arn } });
    }
  }

  private findFunctions(stack: SynthesisedStack): void {
    const resolver = this.resolvers.get(stack)!;
    for (const [logicalId, { Properties }] of ofType(stack, FUNCTION)) {
      const { Variables } = (Properties?.Environment ?? {}) as { Variables?: Record<string, unknown> };
      this.functions.push({
        stack,
        logicalId,
        arn: resolver.resolve<string>({ 'Fn::GetAtt': [logicalId, 'Arn'] }),
        environment: resolver.resolve<Record<string, string>>(Variables ?? {}),
      });
    }
  }
}

function ofType(stack: SynthesisedStack, type: string): [string, SynthesisedStack['resources'][string]][] {
  return Object.entries(stack.resources).filter(([, { Type }]) => Type === type);
}
