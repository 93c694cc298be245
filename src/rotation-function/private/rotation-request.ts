import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct, IConstruct } from 'constructs';
import type { RotationFunctions } from './function-pool';
import type { ContentFacts } from '../../content/private/content-facts';
import { ConflictError } from '../../core/errors';
import type { NetworkFacts } from '../../network/private/network-facts';
import { type SecretFacts, SecretRecord } from '../../secret/private/secret-record';

/** What a rotation has to know about a secret, and the functions that may rotate it. */
export interface RotationFacts extends SecretFacts {
  readonly content: ContentFacts;
  /** Network of the function that rotates the secret, where its target names none. */
  readonly network?: NetworkFacts;
  /** The functions of the platform the secret belongs to. */
  readonly functions: RotationFunctions;
  /** Finds those of the stack of a construct, where the secret names no platform. */
  readonly functionsBeside?: (scope: IConstruct) => RotationFunctions;
}

/** The record of a secret that can rotate, with all that the rotations of this library need. */
export class RotationRequest extends SecretRecord {
  /** What was prepared for the rotation of a secret, if anything. */
  static find(secret: ISecret): RotationRequest | undefined {
    const record = SecretRecord.of(secret);
    return record instanceof RotationRequest ? record : undefined;
  }

  /** What was prepared for the rotation of a secret that is known by its interface only. */
  static require(scope: Construct, secret: ISecret): RotationRequest {
    const request = RotationRequest.find(secret);
    if (!request) {
      throw new ConflictError(scope, `the secret '${secret.node.path}' is not one that this rotation knows`,
        'give the rotation to a HardenedSecret, or to SecretHardening.fromSecret(secret)');
    }
    return request;
  }

  readonly content: ContentFacts;
  readonly network?: NetworkFacts;
  private chosen: RotationFunctions;
  private readonly beside?: (scope: IConstruct) => RotationFunctions;

  constructor(facts: RotationFacts) {
    super(facts);
    this.content = facts.content;
    this.network = facts.network;
    this.chosen = facts.functions;
    this.beside = facts.functionsBeside;
  }

  get fields(): readonly string[] | undefined {
    return this.content.fields;
  }

  /** The functions that may rotate the secret. */
  get functions(): RotationFunctions {
    return this.chosen;
  }

  /** The functions of the secret's platform, or of the stack of a construct where the secret names none. */
  functionsFor(scope: IConstruct): RotationFunctions {
    return this.beside?.(scope) ?? this.chosen;
  }

  /** Has functions beside a database rotate the secret, where the secret names no platform. */
  rotateBeside(database: IConstruct): void {
    this.chosen = this.functionsFor(database);
  }
}
