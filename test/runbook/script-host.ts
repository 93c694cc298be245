import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Installation } from '../servers/installation';

/** A script for each line: its handler gets the payload, and what it returns is the output. */
const RUN_SCRIPTS = `
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    names = {}
    try:
        exec(compile(asked['script'], 'script', 'exec'), names)
        answer = {'returned': names[asked['handler']](asked['payload'], {})}
    except Exception as error:
        answer = {'raised': str(error)}
    print(json.dumps(answer), flush=True)
`;

/** Python with the AWS SDK, in which scripts of documents run as Systems Manager runs them. */
export class ScriptHost {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting: ((line: string) => void)[] = [];

  constructor(environment: Readonly<Record<string, string>>) {
    this.child = spawn(Installation.python, ['-c', RUN_SCRIPTS], { env: { PATH: '/usr/bin:/bin', ...environment } });
    createInterface(this.child.stdout).on('line', (line) => this.waiting.shift()?.(line));
    this.child.on('close', () => this.waiting.splice(0).forEach((answer) => answer('{"raised": "the host has ended"}')));
  }

  /** What the handler returns; throws what it raises. */
  async run(script: string, handler: string, payload: object): Promise<unknown> {
    const answer = new Promise<string>((resolve) => this.waiting.push(resolve));
    this.child.stdin.write(`${JSON.stringify({ script, handler, payload })}\n`);
    const { returned, raised } = JSON.parse(await answer) as { returned?: unknown; raised?: string };
    if (raised !== undefined) {
      throw new Error(raised);
    }
    return returned;
  }

  stop(): void {
    this.child.kill();
  }
}
