import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ActionsFunction } from './actions-function';
import type { BoundAction, ConsumerAction } from './consumer-action';
import { ActionsEnvironment, type RotatedActionFacts } from '../../contract/rotated-action';
import { addTags } from '../../core/add-tags';
import { ConflictError } from '../../core/errors';
import { shortHash } from '../../core/inner-path';
import { textAtMost } from '../../core/text-at-most';
import type { RotationAlarm } from '../../monitoring/private/rotation-alarm';
import { environmentSize, MAXIMUM_ENVIRONMENT } from '../../rotation-function/private/binding';
import type { RotationFunctionOptions } from '../../rotation-function/rotation-function-options';

/** Characters of a managed policy, and of its statements that do not depend on consumers. */
const [MAXIMUM_POLICY, OWN_POLICY] = [6144, 1900];
/** Characters around a statement's resources. */
const AROUND_STATEMENT = 220;

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
  private readonly resources = new Set<string>();
  private environment: number;
  private policy = OWN_POLICY;

  constructor(scope: Construct, id: string, settings: RotationFunctionOptions) {
    this.made = new ActionsFunction(scope, id, settings, () => [...this.facts.values()]);
    this.made.policy.addStatements(this.describe);
    this.environment = environmentSize({ ...this.made.variables, [ActionsEnvironment.ACTIONS]: '[]' });
  }

  /** Whether it acts on a consumer, for any secret. */
  knows(id: string): boolean {
    return this.facts.has(id);
  }

  /** Adds a secret to what a consumer reads, if there is room. */
  add(facts: RotatedActionFacts, secret: ConsumedSecret, { statements, admit }: Omit<BoundAction, 'facts'>): boolean {
    const known = this.facts.get(facts.id);
    if (known?.secrets.includes(secret.name)) {
      return true;
    }
    const environment = environmentSize({ '': known ? secret.name : JSON.stringify({ ...facts, secrets: [secret.name] }) });
    const ofConsumer = known ? [] : statements.flatMap(({ resources }) => resources);
    const wanted = [
      { resource: secret.arnPattern, length: secret.patternLength },
      ...ofConsumer.map((resource) => ({ resource, length: textAtMost(resource).length })),
    ].filter(({ resource }) => !this.resources.has(resource));
    const policy = wanted.reduce((sum, { length }) => sum + length + 3, 0)
      + (known ? 0 : statements.length * AROUND_STATEMENT);
    if (this.environment + environment > MAXIMUM_ENVIRONMENT || this.policy + policy > MAXIMUM_POLICY) {
      return false;
    }
    this.environment += environment;
    this.policy += policy;
    wanted.forEach(({ resource }) => this.resources.add(resource));
    this.facts.set(facts.id, { ...facts, secrets: [...known?.secrets ?? [], secret.name] });
    this.describe.addResources(secret.arnPattern);
    statements.forEach((statement) => this.allow(statement));
    if (!known) {
      admit?.(this.made.role);
    }
    return true;
  }

  /** Statements that differ in their resources alone are one. */
  private allow({ resources, ...rest }: BoundAction['statements'][number]): void {
    const key = JSON.stringify(rest);
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

  /** What logs call the consumer, and what makes it different from another of the same name. */
  private idOf({ name, label, consumer, identity }: ConsumerAction): string {
    const readable = (label ?? consumer?.node.id ?? name).replace(/[^A-Za-z0-9]+/g, '').slice(0, 24);
    return `${readable}-${shortHash(`${name} ${identity(this)}`)}`;
  }
}
