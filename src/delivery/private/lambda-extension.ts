import { type Function as LambdaFunction, LayerVersion, ParamsAndSecretsVersions } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Lazy, Stack, Token } from 'aws-cdk-lib/core';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import { requireSameRegion, tell } from './delivered-variables';
import { oneSetting, type SharedThing } from './one-setting';
import { SharedCache } from './shared-cache';
import { onceFor } from '../../core/once';
import type { LambdaExtensionOptions } from '../delivery-options';

const METHOD = 'toLambdaExtension';

/** Has the extension of a function read the secret. */
export function readByExtension(fn: LambdaFunction, secret: ISecret, options: LambdaExtensionOptions): void {
  const consumer = { consumer: fn, method: METHOD };
  requireSameRegion(consumer, secret);
  tell(consumer, secret, options, (name, value) => fn.addEnvironment(name, value));
  LambdaExtension.of(fn).add(secret, options);
}

/** The extension of a function: one layer and one cache for all secrets that it reads. */
class LambdaExtension {
  static of(fn: LambdaFunction): LambdaExtension {
    return onceFor(fn, 'parameters and secrets extension', () => new LambdaExtension(fn));
  }

  private readonly thing: SharedThing;
  private readonly cache: SharedCache;
  private layerVersionArn?: string;

  private constructor(private readonly fn: LambdaFunction) {
    this.thing = { consumer: fn, what: 'extension' };
    this.cache = new SharedCache({
      ...this.thing,
      method: METHOD,
      setting: 'SECRETS_MANAGER_TTL',
      // Its default as well.
      longestSeconds: 300,
      remedy: 'read with delivery.toLambda() and a client that reads again when a login is refused',
      messages: {
        off: 'cdk-secretsmanager-patterns:extensionCacheOff', outlives: 'cdk-secretsmanager-patterns:extensionOutlivesRotation',
      },
    });
    fn.addLayers(LayerVersion.fromLayerVersionArn(fn, 'ParametersAndSecretsExtension', Lazy.string({
      produce: () => this.layerVersionArn ?? this.usualLayer(),
    })));
    fn.addEnvironment('SECRETS_MANAGER_TTL', Lazy.string({ produce: () => String(this.cache.seconds) }));
    fn.node.addValidation({ validate: () => this.requireLayer() });
  }

  /** Adds a secret that is read through it. Two secrets cannot ask for different settings. */
  add(secret: ISecret, { layerVersionArn, timeToLive }: LambdaExtensionOptions): void {
    this.cache.add(secret, timeToLive);
    this.layerVersionArn = oneSetting(this.thing, 'layerVersionArn', this.layerVersionArn, layerVersionArn, (arn) => arn);
  }

  /** Of the Region and the architecture, or a mapping of Regions where the Region is not known; nothing where there is none. */
  private usualLayer(): string {
    return this.isUnknownRegion ? '' : Stack.of(this.fn).regionalFact(this.factName);
  }

  private requireLayer(): string[] {
    const { region } = Stack.of(this.fn);
    return this.layerVersionArn === undefined && this.isUnknownRegion
      ? [`the AWS CDK in use knows no layer of its extension for ${this.fn.architecture.name} in ${region}: give `
          + 'toLambdaExtension() the `layerVersionArn`, which AWS lists by Region and architecture, or use toLambda()']
      : [];
  }

  private get isUnknownRegion(): boolean {
    const { region } = Stack.of(this.fn);
    return !Token.isUnresolved(region) && Fact.find(region, this.factName) === undefined;
  }

  private get factName(): string {
    return FactName.paramsAndSecretsLambdaLayer(ParamsAndSecretsVersions.V1_0_103, this.fn.architecture.name);
  }
}
