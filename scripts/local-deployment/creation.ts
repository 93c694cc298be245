import { randomBytes } from 'node:crypto';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SynthesisedStack } from './cloud-assembly';
import type { Emulator } from './emulator';
import type { ResourceValues, TemplateResolver } from './template-resolver';

export interface CreatedResource extends ResourceValues {
  /** What came into being besides. */
  readonly note?: string;
}

/** One resource that is to be created from its template. */
export class Creation {
  constructor(
    readonly logicalId: string,
    readonly stack: SynthesisedStack,
    readonly emulator: Emulator,
    private readonly resolver: TemplateResolver,
    /** Whether properties that nothing is done with are an error. */
    private readonly isComplete = true,
  ) {}

  get kms(): KMSClient {
    return this.emulator.kms(this.stack.region);
  }

  get secretsManager(): SecretsManagerClient {
    return this.emulator.secretsManager(this.stack.region);
  }

  /** A name as CloudFormation makes one. */
  get generatedName(): string {
    return `${this.stack.name}-${this.logicalId}-${randomBytes(6).toString('hex')}`;
  }

  /**
   * The properties of that name, resolved; it is an error where the template has others, for they would be lost, unless that is
   * of no consequence.
   */
  only<T>(...names: (keyof T & string)[]): T {
    const others = Object.keys(this.declared).filter((name) => !(names as string[]).includes(name));
    if (this.isComplete && others.length > 0) {
      throw new Error(`the demonstration does not know what to do with ${others.join(', ')}`);
    }
    return this.some<T>(...names);
  }

  /** The properties of that name, resolved; what else the template says is of no consequence here. */
  some<T>(...names: (keyof T & string)[]): T {
    return this.resolver.resolve<T>(
      Object.fromEntries(names.filter((name) => name in this.declared).map((name) => [name, this.declared[name]])),
    );
  }

  private get declared(): Readonly<Record<string, unknown>> {
    return this.stack.resources[this.logicalId].Properties ?? {};
  }
}
