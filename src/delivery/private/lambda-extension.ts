import { type Function as LambdaFunction, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import { requireSameRegion, tell } from './delivered-variables';
import { EXTENSION_LAYERS_DATE } from './extension-layers';
import { oneSetting, type SharedThing } from './one-setting';
import { SharedCache } from './shared-cache';
import { usualExtensionLayer } from './usual-extension-layer';
import { functionConsumer } from './variables-of';
import { ConflictError } from '../../core/errors';
import { onceFor } from '../../core/once';
import type { LambdaExtensionOptions } from '../delivery-options';

const METHOD = 'toLambdaExtension';
const TIME_TO_LIVE = 'SECRETS_MANAGER_TTL';

/** Has the extension of a function read the secret. */
export function readByExtension(fn: LambdaFunction, secret: ISecret, options: LambdaExtensionOptions): void {
  const consumer = functionConsumer(fn, METHOD);
  requireSameRegion(consumer, secret);
  LambdaExtension.requireOwnSetting(fn);
  tell(consumer, secret, options, (name, value) => fn.addEnvironment(name, value));
  LambdaExtension.of(fn).add(secret, options);
}

/** The extension of a function: one layer and one cache for all secrets that it reads. */
class LambdaExtension {
  static of(fn: LambdaFunction): LambdaExtension {
    return onceFor(fn, 'parameters and secrets extension', () => new LambdaExtension(fn));
  }

  /** Before there is one: what the user has given the function would be replaced unseen. */
  static requireOwnSetting(fn: LambdaFunction): void {
    onceFor(fn, 'own setting of the extension', () => {
      if (functionConsumer(fn, METHOD).variables().some(({ name }) => name === TIME_TO_LIVE)) {
        throw new ConflictError(fn, `its variable '${TIME_TO_LIVE}' is there already`,
          `leave it out, and give ${METHOD}() the \`timeToLive\` where another one is needed`);
      }
      return true;
    });
  }

  private readonly thing: SharedThing;
  private readonly cache: SharedCache;
  private layerVersionArn?: string;

  private constructor(private readonly fn: LambdaFunction) {
    this.thing = { consumer: fn, what: 'extension' };
    this.cache = new SharedCache({
      ...this.thing,
      method: METHOD,
      setting: TIME_TO_LIVE,
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
    fn.addEnvironment(TIME_TO_LIVE, Lazy.string({ produce: () => String(this.cache.seconds) }));
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
