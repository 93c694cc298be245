import { type IResolvable, Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { Binding } from './binding';
import { encodeText, OWN_PROPERTIES, type PackedBindings, SECRET_ARNS, SECRET_END } from '../../contract/bindings';
import type { StepsBinding } from '../../contract/steps-binding';
import { secretArnsOf } from '../../core/arn';
import { generatedNameLength, textAtMost } from '../../core/text-at-most';
import { attributeBehind } from '../../core/token-text';

/** Characters that Secrets Manager puts after a name. */
const AFTER_NAME = 7;
/** The longest that ARNs of secrets can have in common. */
const LONGEST_ARNS = 'arn:aws-us-gov:secretsmanager:ap-southeast-1:111111111111:secret';
/** A token as a text, or as a text in a list. */
const TOKEN = /[$#]\{Token\[/;
/** Where the name is in the parts of an ARN. */
const NAME = 6;

/** A text of a binding, and how long it may be once it is deployed. */
interface Text {
  readonly atMost: string;
  text(): string;
}

interface Group {
  readonly each: Map<string, string[]>;
  readonly all: Readonly<Record<string, unknown>>;
}

/** A binding as it is written: the texts of its own, and what it has in common with others. */
interface Packing {
  readonly own: ReadonlyMap<string, Text>;
  readonly all: Readonly<Record<string, unknown>>;
  /** Equal for those of one group. */
  readonly key: string;
  /** Bytes that it takes of the environment. */
  readonly size: number;
}

/** What one function knows about its secrets, as `src/contract/bindings.ts` describes it. */
export class Bindings {
  private readonly groups = new Map<string, Group>();
  private readonly secretsWithDuty = new Set<string>();
  private hasArns = false;
  private last?: { readonly binding: object; readonly packing: Packing };

  /** `home` is the function's. */
  constructor(private readonly home: IConstruct) {}

  /** Bytes that a binding would take in the environment. `nameLength` is that of its secret. */
  sizeOf(binding: Binding | StepsBinding, nameLength?: number): number {
    return this.packingOf(binding, nameLength).size;
  }

  /** Adds a binding, and says how many bytes it takes in the environment. */
  add(binding: Binding | StepsBinding, nameLength?: number): number {
    const { own, all, key, size } = this.packingOf(binding, nameLength);
    this.last = undefined;
    const group = this.groups.get(key) ?? { each: new Map([...own.keys()].map((name) => [name, []])), all };
    this.groups.set(key, group);
    own.forEach((text, name) => group.each.get(name)!.push(text.text()));
    this.hasArns ||= own.has(SECRET_END);
    if ('formerWorksForHours' in binding) {
      this.secretsWithDuty.add(binding.secret);
    }
    return size;
  }

  /** Whether the function ends former credentials of a secret. */
  hasDuty(secret: string): boolean {
    return this.secretsWithDuty.has(secret);
  }

  /** The text of the environment variable. */
  get text(): string {
    const { packed } = this;
    // Ends of ARNs need no escapes: what the AWS CDK does for other values takes it longer than all the rest of the variable.
    const needsEscapes = packed.groups.some(({ all }) => TOKEN.test(JSON.stringify(all)));
    return needsEscapes ? Stack.of(this.home).toJsonString(packed) : JSON.stringify(packed);
  }

  /** What the environment variable is the JSON of. */
  get packed(): PackedBindings {
    return {
      ...this.hasArns && { arns: secretArnsOf(this.home) },
      groups: [...this.groups.values()].map(({ each, all }) => ({
        each: Object.fromEntries([...each].map(([name, texts]) => [name, texts.join(' ')])),
        all,
      })),
    };
  }

  /** A function is asked whether it has room for what it then gets. */
  private packingOf(binding: Binding | StepsBinding, nameLength?: number): Packing {
    if (this.last?.binding !== binding) {
      this.last = { binding, packing: this.pack(binding, nameLength) };
    }
    return this.last.packing;
  }

  private pack(binding: Binding | StepsBinding, nameLength = 0): Packing {
    const own = new Map<string, Text>();
    const all: Record<string, unknown> = {};
    for (const [name, value] of (Object.entries(binding) as [string, unknown][]).filter(([, given]) => given !== undefined)) {
      const end = name === 'secret' ? this.endOfArn(String(value), nameLength) : undefined;
      // Whether there is a space in a value that only the deployment knows nobody can say.
      if (end) {
        own.set(SECRET_END, end);
      } else if (OWN_PROPERTIES.includes(name) && !Token.isUnresolved(value)) {
        const text = encodeText(String(value));
        own.set(name, { atMost: text, text: () => text });
      } else {
        all[name] = value;
      }
    }
    const key = JSON.stringify([...own.keys(), all]);
    const ofGroup = this.groups.has(key)
      ? 0
      : lengthIn({ each: Object.fromEntries([...own.keys()].map((name) => [name, ''])), all }, nameLength);
    const ofArns = !this.hasArns && own.has(SECRET_END) ? lengthIn({ arns: LONGEST_ARNS }) : 0;
    const ofTexts = [...own.values()].reduce((sum, { atMost }) => sum + lengthIn(atMost) - lengthIn('') + 1, 0);
    return { own, all, key, size: ofGroup + ofArns + ofTexts };
  }

  /** What follows `secret:` in the ARN of a secret of the function's account and Region. */
  private endOfArn(secret: string, nameLength: number): Text | undefined {
    const { resource } = attributeBehind(secret) ?? {};
    if (resource?.cfnResourceType.startsWith('AWS::SecretsManager::')) {
      return {
        atMost: 'x'.repeat(Math.max(generatedNameLength(resource), nameLength) + AFTER_NAME),
        text: () => new EndOfArn(secret).toString(),
      };
    }
    const arns = secretArnsOf(this.home);
    const end = encodeText(secret.slice(arns.length + 1));
    return SECRET_ARNS.test(arns) && secret.startsWith(`${arns}:`) ? { atMost: end, text: () => end } : undefined;
  }
}

/** The end of an ARN, without the AWS CDK's record of where a token was made: that is most of what one costs. */
class EndOfArn implements IResolvable {
  readonly creationStack = [];

  constructor(private readonly arn: string) {}

  resolve(): object {
    return { 'Fn::Select': [NAME, { 'Fn::Split': [':', this.arn] }] };
  }

  toString(): string {
    return Token.asString(this);
  }
}

/** Bytes of a value in the JSON of a variable, in the JSON of the environment, with a comma. */
function lengthIn(value: unknown, nameLength = 0): number {
  return Buffer.byteLength(JSON.stringify(textAtMost(JSON.stringify(value), nameLength))) - 1;
}
