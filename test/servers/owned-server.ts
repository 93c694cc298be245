import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { freePort } from './free-port';
import { OwnedProcess, type OwnedProcessOptions } from './owned-process';
import { handOver, unprivileged } from './unprivileged';

export const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** What every server has that is installed here: a port of 127.0.0.1, a directory that goes with it, a log and a process. */
export abstract class OwnedServer<Options extends object> {
  /** Starts a server; nothing is left of one that does not start. */
  protected static async started<Server extends OwnedServer<object>>(create: (port: number) => Server): Promise<Server> {
    const server = create(await freePort());
    try {
      await server.begin();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  readonly host = 'localhost';
  /** Where its data, its logs and its socket are. */
  readonly directory: string;
  private process?: OwnedProcess;

  protected constructor(
    kind: string,
    protected options: Options,
    readonly port: number,
  ) {
    this.directory = mkdtempSync(path.join(tmpdir(), `${kind}-`));
    handOver(this.directory);
  }

  /** Of the process that was started, not of its children. */
  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** The server's own messages. */
  log(): string {
    return readFileSync(this.file('log'), 'utf8');
  }

  /** Stops the server and removes its directory. */
  async stop(): Promise<void> {
    await this.process?.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Ends every process of the server at once, as a crash does; `restart()` brings it back. */
  async kill(): Promise<void> {
    await this.process?.kill();
  }

  /** The server still accepts connections, by its kernel, and answers nothing. */
  pause(): void {
    this.process?.signalTree('SIGSTOP');
  }

  resume(): void {
    this.process?.signalTree('SIGCONT');
  }

  /** Stops and starts it on the same port and data, with the options changed. */
  async restart(changes: Partial<Options> = {}): Promise<void> {
    await this.process?.stop();
    this.options = { ...this.options, ...changes };
    await this.launch();
  }

  /** What is done once, before anybody uses it. */
  protected async begin(): Promise<void> {
    await this.launch();
  }

  protected abstract launch(): Promise<void>;

  protected file(name: string): string {
    return path.join(this.directory, name);
  }

  /** Writes a file that the server reads, and says where it is. */
  protected write(name: string, text: string): string {
    writeFileSync(this.file(name), text, { mode: 0o600 });
    handOver(this.file(name));
    return this.file(name);
  }

  /** Runs the program until `ready` says yes. */
  protected async run(
    program: string,
    args: string[],
    options: Pick<OwnedProcessOptions, 'stopSignal' | 'environment'>,
    ready: () => boolean | Promise<boolean>,
  ): Promise<void> {
    const { directory } = this;
    this.process = new OwnedProcess(program, args, {
      ...options,
      log: this.file('log'),
      directory,
      workingDirectory: directory,
      ...unprivileged,
    });
    await this.process.ready(ready);
  }
}
