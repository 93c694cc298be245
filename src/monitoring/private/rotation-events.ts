import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Stack } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { EventRule } from './event-rule';
import { eventPatternOf, type SecretPattern } from './secret-patterns';
import { allowEventRules } from './topic-access';
import { secretArn } from '../../core/arn';
import { onceFor } from '../../core/once';
import type { SecretRecord } from '../../secret/private/secret-record';

/** Targets that a rule may have. */
const MAXIMUM_TOPICS = 5;

/** Topics that are notified together, and the rules that do so. */
interface Group {
  readonly topics: ITopic[];
  readonly rules: EventRule[];
  /** Whether the rules are about all names of the platform already. */
  byPrefix: boolean;
}

/** Whose secrets are watched. */
export interface WatchedPlatform extends IConstruct {
  /** What the names of its secrets begin with, before a slash. */
  readonly secretNamePrefix?: string;
}

/**
 * The event rules of a platform in one stack: as few as the secrets there and their topics need.
 *
 * An event bus takes 300 rules, a quota that can be raised, so secrets share them: up to five topics hear of the same secrets,
 * and a rule has as many secrets as its pattern has room for. As the alarm of a rotation function does, a rule notifies the topic
 * of one secret about the other secrets of the platform as well, but never about another platform's. Where the names of all
 * secrets of the platform begin alike, one pattern is enough for them.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export class RotationEvents extends Construct {
  /** Those of a platform in a stack: in the platform where that is its stack, else in the stack itself. */
  static of(platform: WatchedPlatform, home: Stack): RotationEvents {
    return onceFor(home, 'rotation events', () => new RotationEventsOfStack()).of(platform, home);
  }

  private readonly groups = new Map<ITopic, Group>();
  private newest = newGroup();
  private rules = 0;

  constructor(scope: Construct, id: string, private readonly platform: WatchedPlatform) {
    super(scope, id);
  }

  /** Notifies a topic of the failed rotations of a secret. */
  add({ secret, fixedName }: SecretRecord, topic: ITopic): void {
    const group = this.groupOf(topic);
    if (!this.isByPrefix(fixedName)) {
      this.addPattern(group, eventPatternOf(this, secret), fixedName);
    } else if (!group.byPrefix) {
      group.byPrefix = true;
      this.addPattern(group, { prefix: secretArn(this, `${this.platform.secretNamePrefix}/`) });
    }
  }

  /** In another stack than the platform's each secret is listed: a topic would hear of the others once for each such stack. */
  private isByPrefix(fixedName = ''): boolean {
    const { secretNamePrefix } = this.platform;
    return this.node.scope === this.platform && secretNamePrefix !== undefined && fixedName.startsWith(`${secretNamePrefix}/`);
  }

  private addPattern({ topics, rules }: Group, pattern: SecretPattern, fixedName?: string): void {
    if (!rules.at(-1)?.add(pattern, fixedName)) {
      const rule = new EventRule(this, `Rule${this.rules += 1}`, topics);
      rule.add(pattern, fixedName);
      rules.push(rule);
    }
  }

  private groupOf(topic: ITopic): Group {
    const known = this.groups.get(topic);
    if (known) {
      return known;
    }
    allowEventRules(this, topic);
    if (this.newest.topics.length === MAXIMUM_TOPICS) {
      this.newest = newGroup();
    }
    this.newest.topics.push(topic);
    this.groups.set(topic, this.newest);
    return this.newest;
  }
}

const newGroup = (): Group => ({ topics: [], rules: [], byPrefix: false });

/** Platforms of other stacks are counted, for their ids would come from there. */
class RotationEventsOfStack {
  private readonly made = new Map<IConstruct, RotationEvents>();
  private elsewhere = 0;

  of(platform: WatchedPlatform, home: Stack): RotationEvents {
    const known = this.made.get(platform);
    if (known) {
      return known;
    }
    const own = Stack.of(platform) === home;
    const events = own
      ? new RotationEvents(platform as Construct & WatchedPlatform, 'Events', platform)
      : new RotationEvents(home, `RotationEvents${this.elsewhere++ || ''}`, platform);
    this.made.set(platform, events);
    return events;
  }
}
