import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeSecretCommand, RotateSecretCommand,
  type RotationRulesType, SecretsManagerClient, type SecretsManagerClientConfig, UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { Installation } from './installation';
import { OwnedProcess } from './owned-process';

const ROLE_NAME = 'rotation-role';
const REGION = 'eu-west-1';
const ACCOUNT = '123456789012';

export interface StartRotationOptions {
  /** Name of the rotation function, which is created where it does not exist. @default 'rotation' */
  readonly functionName?: string;
  /** Version ID of the new version. */
  readonly token?: string;
  readonly rules?: RotationRulesType;
  readonly region?: string;
}

export interface StartedRotation {
  /** Version ID of the empty version that carries AWSPENDING: the events' ClientRequestToken. */
  readonly token: string;
  readonly functionArn: string;
}

/** AWS Secrets Manager, Lambda, KMS and IAM as moto has them, in one account. */
export class SecretsManagerServer {
  static async start(account = ACCOUNT): Promise<SecretsManagerServer> {
    const directory = mkdtempSync(path.join(tmpdir(), 'secrets-manager-'));
    const process = new OwnedProcess(
      Installation.python,
      [path.join(__dirname, 'start-moto.py'), '-H', '127.0.0.1', '-p', '0'],
      {
        environment: { PATH: '/usr/bin:/bin', PYTHONUNBUFFERED: '1', NO_COLOR: '1', HOME: directory, MOTO_ACCOUNT_ID: account },
        stopSignal: 'SIGKILL',
        log: path.join(directory, 'log'),
        directory,
        workingDirectory: directory,
      },
    );
    const port = () => /Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(process.log)?.[1];
    try {
      await process.ready(() => port() !== undefined);
      const server = new SecretsManagerServer(process, directory, Number(port()), account);
      await server.post('config', { lambda: { use_docker: false } });
      return server;
    } catch (error) {
      await process.kill();
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  readonly url: string;
  private shared?: SecretsManagerClient;
  /** ARNs of functions, by Region and name. */
  private readonly functions = new Map<string, Promise<string>>();

  private constructor(
    private readonly process: OwnedProcess,
    private readonly directory: string,
    readonly port: number,
    private readonly account: string,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  /**
   * A client; the access key ID in `credentials` is what the strict guard knows a caller by.
   *
   * Without settings of its own it is always the same one: making one costs as much as several requests.
   */
  client(config?: SecretsManagerClientConfig): SecretsManagerClient {
    return config === undefined
      ? this.shared ??= new SecretsManagerClient(this.connection())
      : new SecretsManagerClient({ ...this.connection(), ...config });
  }

  /** Endpoint, Region and credentials for any client of the AWS SDK. */
  connection(region = REGION): {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  } {
    return { endpoint: this.url, region, credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'none' } };
  }

  /** Forgets every resource. */
  async reset(): Promise<void> {
    this.functions.clear();
    await this.post('reset');
  }

  /** Creates a function that is never run, unless it has, and returns its ARN. */
  async createFunction(name: string, region = REGION): Promise<string> {
    const key = `${region} ${name}`;
    const arn = this.functions.get(key) ?? this.newFunction(name, region);
    this.functions.set(key, arn);
    return arn;
  }

  /**
   * Leaves what AWS leaves before it invokes the rotation function: an empty version with AWSPENDING, rotation enabled.
   *
   * Where AWSPENDING is on another version than the current one, AWS answers that a rotation is not complete and tries that one
   * again; here the label moves to the new version.
   */
  async startRotation(secretId: string, options: StartRotationOptions = {}): Promise<StartedRotation> {
    const functionArn = await this.createFunction(options.functionName ?? 'rotation', options.region);
    const client = this.client(options.region === undefined ? undefined : { region: options.region });
    await this.releasePending(client, secretId);
    const { VersionId } = await client.send(new RotateSecretCommand({
      SecretId: secretId,
      RotationLambdaARN: functionArn,
      RotationRules: options.rules ?? { AutomaticallyAfterDays: 30 },
      ClientRequestToken: options.token,
    }));
    return { token: VersionId as string, functionArn };
  }

  async stop(): Promise<void> {
    await this.process.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async newFunction(name: string, region: string): Promise<string> {
    const created = await new LambdaClient(this.connection(region)).send(new CreateFunctionCommand({
      FunctionName: name,
      Role: await this.createRole(),
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: Buffer.from('never run') },
    }));
    return created.FunctionArn as string;
  }

  /** moto, unlike AWS, takes AWSPENDING on the current version for a rotation in progress. */
  private async releasePending(client: SecretsManagerClient, secretId: string): Promise<void> {
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: secretId }));
    for (const [version, labels] of Object.entries(VersionIdsToStages)) {
      if (labels.includes('AWSPENDING') && labels.includes('AWSCURRENT')) {
        await client.send(
          new UpdateSecretVersionStageCommand({ SecretId: secretId, VersionStage: 'AWSPENDING', RemoveFromVersionId: version }),
        );
      }
    }
  }

  private async post(endpoint: string, body?: unknown): Promise<void> {
    const response = await fetch(`${this.url}/moto-api/${endpoint}`, { method: 'POST', body: JSON.stringify(body ?? {}) });
    if (!response.ok) {
      throw new Error(`moto answered ${response.status} to ${endpoint}.`);
    }
  }

  /** Creating it again is refused, which is as good as creating it. */
  private async createRole(): Promise<string> {
    await fetch(this.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'authorization': 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/iam/aws4_request, '
          + 'SignedHeaders=host, Signature=0',
      },
      body: new URLSearchParams({
        Action: 'CreateRole',
        Version: '2010-05-08',
        RoleName: ROLE_NAME,
        AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}',
      }),
    });
    return `arn:aws:iam::${this.account}:role/${ROLE_NAME}`;
  }
}
