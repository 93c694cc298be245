import { type Function as LambdaFunction, LayerVersion, ParamsAndSecretsVersions } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Annotations, type Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import { FactName } from 'aws-cdk-lib/region-info';
import { pathOf } from './delivered-variables';
import { ConflictError } from '../../core/errors';
import { onceFor } from '../../core/once';
import { requireDuration } from '../../core/validate';
import { SecretRecord } from '../../secret/private/secret-record';
import type { LambdaExtensionOptions } from '../delivery-options';

/** Stable: users acknowledge the messages by these names. */
const CACHE_OFF = 'cdk-secretsmanager-patterns:extensionCacheOff';
const OUTLIVES_ROTATION = 'cdk-secretsmanager-patterns:extensionOutlivesRotation';
/** The longest that the extension keeps a value, and its default. */
const LONGEST_SECONDS = 300;

/** The extension of a function: one layer and one cache for all secrets that it reads. */
export class LambdaExtension {
  static of(fn: LambdaFunction): LambdaExtension {
    return onceFor(fn, 'parameters and secrets extension', () => new LambdaExtension(fn));
  }

  private readonly secrets: ISecret[] = [];
  private layerVersionArn?: string;
  private timeToLive?: Duration;

  private constructor(private readonly fn: LambdaFunction) {
    fn.addLayers(LayerVersion.fromLayerVersionArn(fn, 'ParametersAndSecretsExtension', Lazy.string({
      produce: () => this.layerVersionArn ?? this.usualLayer(),
    })));
    fn.addEnvironment('SECRETS_MANAGER_TTL', Lazy.string({ produce: () => String(this.seconds) }));
    fn.node.addValidation({ validate: () => this.explain() });
  }

  /** Adds a secret that is read through it. Two secrets cannot ask for different settings. */
  add(secret: ISecret, { layerVersionArn, timeToLive }: LambdaExtensionOptions): void {
    const input = { scope: this.fn, property: 'toLambdaExtension(timeToLive)', remedy: 'give another time, or leave it out' };
    requireDuration(input, timeToLive, 0, LONGEST_SECONDS);
    this.layerVersionArn = this.same('layerVersionArn', this.layerVersionArn, layerVersionArn, (arn) => arn);
    this.timeToLive = this.same('timeToLive', this.timeToLive, timeToLive, (time) => time.toSeconds());
    this.secrets.push(secret);
  }

  private same<T>(property: string, former: T | undefined, next: T | undefined, text: (value: T) => unknown): T | undefined {
    if (former !== undefined && next !== undefined && text(former) !== text(next)) {
      throw new ConflictError(this.fn, `its extension has another \`${property}\` already`,
        'give it once: a function has one extension for all its secrets');
    }
    return next ?? former;
  }

  /** Of the Region and the architecture, or a mapping of Regions where the Region is not known. */
  private usualLayer(): string {
    return Stack.of(this.fn)
      .regionalFact(FactName.paramsAndSecretsLambdaLayer(ParamsAndSecretsVersions.V1_0_103, this.fn.architecture.name));
  }

  /** The secrets whose former value is refused when they rotate. */
  private get refused(): ISecret[] {
    return this.secrets.filter((secret) => !SecretRecord.of(secret).rotationEffect.formerWorks);
  }

  private get seconds(): number {
    return this.timeToLive?.toSeconds() ?? (this.refused.length > 0 ? 0 : LONGEST_SECONDS);
  }

  private explain(): string[] {
    const [first] = this.refused;
    if (first === undefined) {
      return [];
    }
    const reason = `the former value of '${pathOf(first)}' is refused as soon as it has rotated`;
    if (this.seconds === 0) {
      Annotations.of(this.fn).addInfoV2(CACHE_OFF, `its extension keeps no value (SECRETS_MANAGER_TTL is 0): ${reason}; with `
        + 'Rotation.alternatingUsers() it would keep one for 300 seconds');
    } else {
      Annotations.of(this.fn).addWarningV2(OUTLIVES_ROTATION, `its extension keeps a value for ${this.seconds} seconds, and `
        + `${reason}: for so long logins fail after each rotation; leave out \`timeToLive\`, or use Rotation.alternatingUsers()`);
    }
    return [];
  }
}
