import { errorAnswer, type JsonAnswer, type SecretsManagerRequest, type Upstream } from './secrets-manager-request';

const MAXIMUM_BYTES = 65_536;
const MAXIMUM_LABELS = 20;

type Labels = Record<string, string[]>;

/** What AWS enforces or answers and moto does not. */
export class SecretsManagerRules {
  /** @param times seconds since the epoch, by version: moto lists each as made just now. */
  constructor(private readonly upstream: Upstream, private readonly times: Map<string, number>) {}

  /** The answer, from the server or in its place. */
  async answer(request: SecretsManagerRequest): Promise<JsonAnswer> {
    const { action, input } = request;
    switch (action) {
      case 'CreateSecret':
      case 'UpdateSecret':
        return this.tooLarge(input) ?? this.upstream(action, input);
      case 'PutSecretValue':
        return this.tooLarge(input) ?? await this.putSecretValue(input) ?? this.upstream(action, input);
      case 'UpdateSecretVersionStage':
        return await this.updateSecretVersionStage(input) ?? this.upstream(action, input);
      case 'GetSecretValue':
        // Without it moto looks for the newest version, which has no value while a rotation is starting.
        return this.upstream(action, input.VersionId || input.VersionStage ? input : { ...input, VersionStage: 'AWSCURRENT' });
      case 'RotateSecret':
        return this.rotateSecret(input);
      case 'DescribeSecret':
        return this.describeSecret(input);
      case 'ListSecretVersionIds':
        return this.listSecretVersionIds(input);
      default:
        return this.upstream(action, input);
    }
  }

  private tooLarge({ SecretString, SecretBinary }: Record<string, unknown>): JsonAnswer | undefined {
    const [field, bytes] = typeof SecretString === 'string'
      ? ['secretString', Buffer.byteLength(SecretString)]
      : ['secretBinary', Buffer.from(String(SecretBinary ?? ''), 'base64').length];
    return bytes <= MAXIMUM_BYTES ? undefined : errorAnswer(
      'ValidationException',
      `1 validation error detected: Value at '${field}' failed to satisfy constraint: Member must have length less than or equal `
        + `to ${MAXIMUM_BYTES}`,
    );
  }

  private async putSecretValue(input: Record<string, unknown>): Promise<JsonAnswer | undefined> {
    const { SecretId, ClientRequestToken, SecretString, SecretBinary } = input;
    const labels = await this.labels(SecretId);
    if (labels === undefined) {
      return undefined;
    }
    const stages = labels[String(ClientRequestToken)];
    if (stages !== undefined) {
      const existing = await this.upstream('GetSecretValue', { SecretId, VersionId: ClientRequestToken });
      if (existing.status === 200) {
        const { ARN, Name, VersionId, VersionStages } = existing.body;
        return existing.body.SecretString === SecretString && existing.body.SecretBinary === SecretBinary
          ? { status: 200, body: { ARN, Name, VersionId, VersionStages } }
          : errorAnswer('ResourceExistsException', 'A resource with the ID you requested already exists.');
      }
    }
    return this.tooManyLabels(labels, (input.VersionStages as string[] | undefined) ?? ['AWSCURRENT']);
  }

  private async updateSecretVersionStage(input: Record<string, unknown>): Promise<JsonAnswer | undefined> {
    const { SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId } = input as Record<string, string | undefined>;
    const labels = await this.labels(SecretId);
    if (labels === undefined || VersionStage === undefined) {
      return undefined;
    }
    if (VersionStage === 'AWSCURRENT' && MoveToVersionId === undefined) {
      return errorAnswer('InvalidParameterException', 'You can only move staging label AWSCURRENT to a different secret version. '
        + 'It can\'t be completely removed.');
    }
    const holder = Object.keys(labels).find((version) => labels[version].includes(VersionStage));
    if (MoveToVersionId !== undefined) {
      if (labels[MoveToVersionId] === undefined) {
        return errorAnswer('InvalidParameterException', `Not a valid version: ${MoveToVersionId}`);
      }
      if (holder !== undefined && holder !== MoveToVersionId && RemoveFromVersionId !== holder) {
        return errorAnswer('InvalidParameterException', "The parameter RemoveFromVersionId can't be empty or wrong. Staging "
          + `label ${VersionStage} `
          + `is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`);
      }
      if (holder === MoveToVersionId && (RemoveFromVersionId === undefined || RemoveFromVersionId === holder)) {
        const { ARN, Name } = (await this.upstream('DescribeSecret', { SecretId })).body;
        return { status: 200, body: { ARN, Name } };
      }
      return this.tooManyLabels(labels, [VersionStage]);
    }
    return undefined;
  }

  /**
   * Without a function AWS takes the one that it knows; while a rotation is going on it begins no other. Whoever names a function
   * gets through here at any time, as attackers do in their tests: the function is the last guard.
   */
  private async rotateSecret(input: Record<string, unknown>): Promise<JsonAnswer> {
    if (input.RotationLambdaARN !== undefined) {
      return this.upstream('RotateSecret', input);
    }
    const { status, body } = await this.upstream('DescribeSecret', { SecretId: input.SecretId });
    const all = status === 200 ? Object.values((body.VersionIdsToStages as Labels | undefined) ?? {}) : [];
    if (all.some((stages) => stages.includes('AWSPENDING') && !stages.includes('AWSCURRENT'))) {
      return errorAnswer('InvalidRequestException', "A previous rotation isn't complete. That rotation will be reattempted.");
    }
    return this.upstream('RotateSecret', { RotationLambdaARN: body.RotationLambdaARN, ...input });
  }

  /** The quota counts over all versions; a label is on one version at a time. */
  private tooManyLabels(labels: Labels, added: string[]): JsonAnswer | undefined {
    const all = new Set([...Object.values(labels).flat(), ...added]);
    return all.size <= MAXIMUM_LABELS
      ? undefined
      : errorAnswer('LimitExceededException', 'The request failed because it would exceed one of the Secrets Manager quotas.');
  }

  /** AWS does not list versions without a label here. */
  private async describeSecret(input: Record<string, unknown>): Promise<JsonAnswer> {
    const { status, body } = await this.upstream('DescribeSecret', input);
    const labels = body.VersionIdsToStages as Labels | undefined;
    for (const version of Object.keys(labels ?? {})) {
      await this.createdAt(input.SecretId, version);
    }
    return labels === undefined ? { status, body } : {
      status,
      body: { ...body, VersionIdsToStages: Object.fromEntries(Object.entries(labels).filter(([, stages]) => stages.length > 0)) },
    };
  }

  private async listSecretVersionIds(input: Record<string, unknown>): Promise<JsonAnswer> {
    const { status, body } = await this.upstream('ListSecretVersionIds', input);
    const versions = body.Versions as { VersionId: string; VersionStages?: string[] }[] | undefined;
    if (versions === undefined) {
      return { status, body };
    }
    const { ARN } = (await this.upstream('DescribeSecret', { SecretId: input.SecretId })).body;
    const shown = versions.filter(({ VersionStages = [] }) => input.IncludeDeprecated === true || VersionStages.length > 0);
    const dated = await Promise.all(shown.map(async (version) =>
      ({ ...version, CreatedDate: await this.createdAt(input.SecretId, version.VersionId) })));
    return { status, body: { ...body, ARN, NextToken: body.NextToken || undefined, Versions: dated } };
  }

  /** A version without a value has just been made when it is seen first. */
  private async createdAt(secretId: unknown, version: string): Promise<number> {
    const known = this.times.get(version);
    if (known !== undefined) {
      return known;
    }
    const { status, body } = await this.upstream('GetSecretValue', { SecretId: secretId, VersionId: version });
    const time = status === 200 ? Number(body.CreatedDate) : Date.now() / 1_000;
    this.times.set(version, time);
    return time;
  }

  private async labels(secretId: unknown): Promise<Labels | undefined> {
    const { status, body } = await this.upstream('DescribeSecret', { SecretId: secretId });
    return status === 200 ? (body.VersionIdsToStages as Labels | undefined) ?? {} : undefined;
  }
}
