import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Resource, Stack } from 'aws-cdk-lib/core';
import type { RotationAlarm } from './rotation-alarm';
import { RotationEvents, type WatchedPlatform } from './rotation-events';
import { ConflictError } from '../../core/errors';
import type { SecretRecord } from '../../secret/private/secret-record';

/** What rotates a secret, as far as topics need to know. */
export interface WatchedRotation {
  readonly alarm?: RotationAlarm;
  /** Whether the secret's stack depends on that of the alarm. */
  readonly isDownstream: boolean;
  /** The platform of the secret. */
  readonly platform: WatchedPlatform;
}

/** The topics that are notified of what goes wrong with the rotation of one secret. */
export class RotationTopics {
  /** Nothing rotates before the rotation is added. */
  private rotation?: WatchedRotation;
  private readonly waiting: ITopic[] = [];
  private readonly notified = new Set<ITopic>();

  constructor(private readonly record: SecretRecord) {}

  /** Notifies a topic, as soon as the secret rotates. */
  add(topic: ITopic): void {
    if (!this.notified.has(topic) && !this.waiting.includes(topic)) {
      this.waiting.push(topic);
      this.notify();
    }
  }

  /** Notifies the topics from now on. */
  watch(rotation: WatchedRotation): void {
    this.rotation = rotation;
    this.notify();
  }

  private notify(): void {
    const { rotation, record } = this;
    if (!rotation) {
      return;
    }
    const { alarm, platform, isDownstream } = rotation;
    // The alarm refers to the topic already.
    const nearAlarm = !isDownstream || (platform.secretNamePrefix !== undefined && Stack.of(alarm!) === Stack.of(platform));
    const home = Stack.of((nearAlarm && alarm) || record.scope);
    for (const topic of this.waiting.splice(0)) {
      if (isDownstream) {
        this.refuseCycle(topic);
      }
      alarm?.addTopic(topic, record.scope);
      this.notified.add(topic);
      RotationEvents.of(platform, home).add(record, topic);
    }
  }

  /** The alarm refers to the topic from the platform's stack, which the secret's stack depends on. */
  private refuseCycle(topic: ITopic): void {
    const { scope } = this.record;
    if (Resource.isOwnedResource(topic) && Stack.of(topic) === Stack.of(scope)) {
      throw new ConflictError(scope, `the topic '${topic.node.path}' is in the secret's stack, which depends on the stack of `
        + 'the platform, which has the alarm that notifies it', 'put the topic into the platform\'s stack, '
        + 'or into a stack of its own');
    }
  }
}
