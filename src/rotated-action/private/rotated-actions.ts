import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ActionsFunction } from './actions-function';
import type { BoundAction, ConsumerAction } from './consumer-action';
import { ActionsEnvironment, type RotatedActionFacts } from '../../contract/rotated-action';
import { addTags } from '../../core/add-tags';
import { ConflictError } from '../../core/errors';
import { shortHash } from '../../core/inner-path';
import { AROUND_ITEM, textAtMost } from '../../core/text-at-most';
import type { RotationAlarm } from '../../monitoring/private/rotation-alarm';
import { environmentSize, MAXIMUM_ENVIRONMENT } from '../../rotation-function/private/binding';
import type { RotationFunctionOptions } from '../../rotation-function/rotation-function-options';
import { MANAGED_POLICY_QUOTA } from '../../secret/private/full-reader';

/** `"Resource":[]` and a comma around a statement. */
const AROUND_STATEMENT = 15;

type Right = BoundAction['statements'][number];

/** A secret as the function knows it, and as its policy does. */
export interface ConsumedSecret {
  /** ARN or name. */
  readonly name: string;
  readonly arnPattern: string;
  /** Characters of the pattern, at most. */
  readonly patternLength: number;
}

/** One function and what it acts on. */
class Actions {
  readonly made: ActionsFunction;
  private readonly facts = new Map<string, RotatedActionFacts>();
  private readonly statements = new Map<string, PolicyStatement>();
  private readonly describe = new PolicyStatement({ sid: 'DescribeSecrets', actions: ['secretsmanager:DescribeSecret'] });
  private environment: number;
  private policy: number;

  constructor(scope: Construct, id: string, settings: RotationFunctionOptions) {
    this.made = new ActionsFunction(scope, id, settings, () => [...this.facts.values()]);
    this.made.policy.addStatements(this.describe);
    this.policy = lengthOf(this.made.policy.document.toJSON());
    this.environment = environmentSize({ ...this.made.variables, [ActionsEnvironment.ACTIONS]: '[]' });
  }

  /** Whether it acts on a consumer, for any secret. */
  knows(id: string): boolean {
    return this.facts.has(id);
  }

  /** The share of a group that stays in service, where somebody has said it. */
  shareOf(id: string): number | undefined {
    return this.facts.get(id)?.minHealthyPercentage;
  }

  /** Adds a secret to what a consumer reads, if there is room. */
  add(facts: RotatedActionFacts, secret: ConsumedSecret, { statements, admit }: Omit<BoundAction, 'facts'>): boolean {
    const known = this.facts.get(facts.id);
    if (known?.secrets.includes(secret.name)) {
      return true;
    }
    const environment = environmentSize({ '': known ? secret.name : JSON.stringify({ ...facts, secrets: [secret.name] }) });
    const rights = known ? [] : statements;
    const policy = (this.describe.resources.includes(secret.arnPattern) ? 0 : secret.patternLength + AROUND_ITEM)
      + rights.reduce((sum, statement) => sum + this.growthBy(statement), 0);
    if (this.environment + environment > MAXIMUM_ENVIRONMENT || this.policy + policy > MANAGED_POLICY_QUOTA) {
      return false;
    }
    this.environment += environment;
    this.policy += policy;
    this.facts.set(facts.id, { ...known, ...facts, secrets: [...known?.secrets ?? [], secret.name] });
    this.describe.addResources(secret.arnPattern);
    rights.forEach((statement) => this.allow(statement));
    if (!known) {
      admit?.(this.made.role);
    }
    return true;
  }

  /** Characters that a statement adds to the policy. */
  private growthBy(given: Right): number {
    const present = this.statements.get(keyOf(given))?.resources;
    const resources = given.resources.filter((resource) => !present?.includes(resource));
    return (present ? 0 : lengthOf(new PolicyStatement({ ...given, resources: [] }).toStatementJson()) + AROUND_STATEMENT)
      + resources.reduce((sum, resource) => sum + textAtMost(resource).length + AROUND_ITEM, 0);
  }

  /** Statements that differ in their resources alone are one. */
  private allow(given: Right): void {
    const { resources, ...rest } = given;
    const key = keyOf(given);
    let statement = this.statements.get(key);
    if (!statement) {
      // A policy has no two statements of one id.
      const sid = [...this.statements.values()].some((other) => other.sid === rest.sid) ? undefined : rest.sid;
      statement = new PolicyStatement({ ...rest, sid });
      this.statements.set(key, statement);
      this.made.policy.addStatements(statement);
    }
    statement.addResources(...resources);
  }
}

/** What makes a statement another one than those that are there. */
function keyOf({ resources: _, ...rest }: Right): string {
  return JSON.stringify(rest);
}

/** Characters of a document or a statement, at most. */
function lengthOf(json: unknown): number {
  return textAtMost(JSON.stringify(json)).length;
}

/** What is done after rotations of a platform's secrets to consumers of one stack: by one function, until it is full. */
export class RotatedActions extends Construct {
  private readonly functions: Actions[] = [];

  constructor(scope: Construct, id: string, private readonly settings: RotationFunctionOptions) {
    super(scope, id);
    addTags(this, settings.tags);
  }

  /** Acts on a consumer once a secret has another value; `requestedBy` is named in a refusal. */
  add(requestedBy: Construct, action: ConsumerAction, secret: ConsumedSecret): readonly RotationAlarm[] {
    const { facts, ...rights } = action.bind(this);
    const whole: RotatedActionFacts = { id: this.idOf(action), action: action.name, ...facts, secrets: [] };
    this.requireSameShare(requestedBy, action, whole);
    // Of two functions each would act on the consumer for itself: one that knows it already goes first.
    const [knowing, others] = [true, false].map((knows) => this.functions.filter((each) => each.knows(whole.id) === knows));
    const serving = [...knowing, ...others].find((candidate) => candidate.add(whole, secret, rights));
    if (serving) {
      return serving.made.alarms;
    }
    const number = this.functions.length + 1;
    const another = new Actions(this, number === 1 ? 'Function' : `Function${number}`, this.settings);
    if (!another.add(whole, secret, rights)) {
      throw new ConflictError(requestedBy, 'what the function after rotations has to know of the consumer exceeds the limit of '
        + `AWS Lambda, ${MAXIMUM_ENVIRONMENT} bytes of environment variables`, 'give fewer or shorter parameters');
    }
    this.functions.push(another);
    return another.made.alarms;
  }

  /** A group is refreshed in one way, for whichever secret: the last one would count for all. */
  private requireSameShare(
    requestedBy: Construct, { consumer }: ConsumerAction, { id, minHealthyPercentage: share }: RotatedActionFacts,
  ): void {
    const former = this.functions.map((each) => each.shareOf(id)).find((known) => known !== undefined);
    if (share !== undefined && former !== undefined && share !== former) {
      throw new ConflictError(requestedBy, `the group '${consumer!.node.path}' keeps ${former} percent in service already where another secret `
        + `changes, and ${share} percent here`, 'give it one `minHealthyPercentage`, once or each time');
    }
  }

  /** What logs call the consumer, and what makes it different from another of the same name. */
  private idOf({ name, label, consumer, identity }: ConsumerAction): string {
    const readable = (label ?? consumer?.node.id ?? name).replace(/[^A-Za-z0-9]+/g, '').slice(0, 24);
    return `${readable}-${shortHash(`${name} ${identity(this)}`)}`;
  }
}
