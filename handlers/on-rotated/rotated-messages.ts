import type { PutOff, RotatedActionFacts } from '../../src/contract/rotated-action';
import { parseJsonAnswer } from '../aws/json-answer';
import { isRecord } from '../deployment/binding-checks';

/** The consumers to look at, and since when that of each was put off. */
export type DueActions = Map<RotatedActionFacts, number | undefined>;

/** What the queue hands over. */
interface QueueEvent {
  readonly Records?: readonly { readonly body?: unknown }[];
}

/**
 * Which consumers the messages of a batch are about.
 *
 * Whatever a message says, it makes the function look at consumers that it was deployed with, and nothing else.
 */
export function dueActions(event: unknown, actions: readonly RotatedActionFacts[]): DueActions {
  const due: DueActions = new Map();
  const { Records } = (event ?? {}) as QueueEvent;
  for (const { body } of Array.isArray(Records) ? Records as { body?: unknown }[] : []) {
    const message = parseJsonAnswer(String(body)) ?? {};
    for (const facts of actions.filter(concernedBy(message))) {
      const since = (message as Partial<PutOff>).again?.[facts.id];
      due.set(facts, earlier(due.get(facts), since));
    }
  }
  return due;
}

function concernedBy(message: Record<string, unknown>): (facts: RotatedActionFacts) => boolean {
  if (isRecord(message.again)) {
    const { again } = message;
    return ({ id }) => typeof again[id] === 'number';
  }
  if (message['detail-type'] === 'Scheduled Event') {
    return () => true;
  }
  const { name } = isRecord(message.detail) ? message.detail : {};
  const arn: unknown = Array.isArray(message.resources) ? message.resources[0] : undefined;
  return ({ secrets }) => secrets.some((secret) => secret === name || isSameSecret(secret, arn));
}

/** An ARN may lack the six random characters at its end. */
function isSameSecret(secret: string, arn: unknown): boolean {
  return secret === arn || (typeof arn === 'string' && arn.length === secret.length + 7 && arn.startsWith(`${secret}-`));
}

function earlier(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? one ?? other : Math.min(one, other);
}
