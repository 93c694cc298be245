import type { ScriptHost } from './script-host';

type Fields = Record<string, any>;

/** What is outside of a document. */
export interface Surroundings {
  readonly scripts: ScriptHost;
  /** The id of the execution. */
  readonly id: string;
  /** What those who are asked decide. */
  readonly decision?: (inputs: Fields) => boolean;
  /** Replaces parts of what a script is given. */
  readonly payload?: Fields;
}

/** An execution of a document of schema 0.3, step by step: the actions that the runbook uses, as they are documented. */
export class Automation {
  /** Everything that Systems Manager would keep: outputs of steps, by step and name. */
  readonly outputs: Record<string, string> = {};
  readonly steps: string[] = [];
  private next: string | undefined;

  constructor(
    private readonly document: Fields, private readonly parameters: Fields, private readonly surroundings: Surroundings,
  ) {
    const all = Object.entries<Fields>(document.parameters as Fields);
    for (const [name, { allowedPattern, allowedValues, default: usual }] of all) {
      const value = this.parameters[name] = String(parameters[name] ?? usual);
      if (!(allowedValues?.includes(value) ?? true) || !new RegExp(allowedPattern as string ?? '').test(value)) {
        throw new Error(`the parameter ${name} is not allowed to be that`);
      }
    }
    this.next = document.mainSteps[0].name as string;
  }

  /** Runs to the end, or up to a step. */
  async run(until?: string): Promise<this> {
    while (this.next !== undefined && this.next !== until) {
      await this.step();
    }
    return this;
  }

  /** Runs the next step; throws where it fails. */
  async step(): Promise<void> {
    const { mainSteps } = this.document as { mainSteps: Fields[] };
    const index = mainSteps.findIndex(({ name }) => name === this.next);
    const step = mainSteps[index];
    this.steps.push(step.name as string);
    this.next = step.isEnd ? undefined : mainSteps[index + 1]?.name as string | undefined;
    const inputs = this.filled(step.inputs) as Fields;
    switch (step.action) {
      case 'aws:branch':
        this.next = (inputs.Choices as Fields[]).find(({ Variable, StringEquals }) => Variable === StringEquals)?.NextStep
          ?? inputs.Default ?? this.next;
        break;
      case 'aws:approve':
        if (!this.surroundings.decision?.(inputs)) {
          throw new Error('rejected');
        }
        break;
      case 'aws:executeScript': {
        const payload = { Payload: await this.script(inputs) };
        for (const { Name, Selector } of step.outputs as Fields[] ?? []) {
          const path = String(Selector).replace(/^\$\./, '').split('.');
          this.outputs[`${step.name}.${Name}`] = String(path.reduce<any>((value, key) => value[key], payload));
        }
        break;
      }
      default:
        throw new Error(`${step.action} is not known here`);
    }
  }

  private async script({ Script, Handler, InputPayload }: Fields): Promise<unknown> {
    const { scripts, payload } = this.surroundings;
    return scripts.run(String(Script), String(Handler), { ...InputPayload as Fields, ...payload });
  }

  private filled(value: unknown): unknown {
    if (typeof value === 'string') {
      return value.replace(/\{\{ ([\w.:]+) \}\}/g, (_, name: string) => {
        const found = name === 'automation:EXECUTION_ID' ? this.surroundings.id : this.outputs[name] ?? this.parameters[name];
        if (found === undefined) {
          throw new Error(`${name} is not known yet`);
        }
        return String(found);
      });
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    return Array.isArray(value)
      ? value.map((entry) => this.filled(entry))
      : Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, this.filled(entry)]));
  }
}
