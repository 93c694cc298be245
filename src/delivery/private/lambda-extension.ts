import { type Function as LambdaFunction, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import { requireSameRegion, tell } from './delivered-variables';
import { EXTENSION_LAYERS_DATE } from './extension-layers';
import { oneSetting, type SharedThing } from './one-setting';
import { SharedCache } from './shared-cache';
import { usualExtensionLayer } from './usual-extension-layer';
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
      produce: () => this.layer,
    })));
    fn.addEnvironment('SECRETS_MANAGER_TTL', Lazy.string({ produce: () => String(this.cache.seconds) }));
    fn.node.addValidation({ validate: () => this.requireLayer() });
  }

  /** Adds a secret that is read through it. Two secrets cannot ask for different settings. */
  add(secret: ISecret, { layerVersionArn, timeToLive }: LambdaExtensionOptions): void {
    this.cache.add(secret, timeToLive);
    this.layerVersionArn = oneSetting(this.thing, 'layerVersionArn', this.layerVersionArn, layerVersionArn, (arn) => arn);
  }

  private get layer(): string | undefined {
    return this.layerVersionArn ?? usualExtensionLayer(this.fn);
  }

  private requireLayer(): string[] {
    return this.layer === undefined
      ? [`AWS's list of ${EXTENSION_LAYERS_DATE} has no layer of its extension for ${this.fn.architecture.name} in `
          + `${Stack.of(this.fn).region}: give toLambdaExtension() the \`layerVersionArn\`, or use toLambda()`]
      : [];
  }
}
