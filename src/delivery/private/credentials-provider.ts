import type { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { type Instance, OperatingSystemType } from 'aws-cdk-lib/aws-ec2';
import { UnknownPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import { requireSameRegion, tell } from './delivered-variables';
import { oneSetting, type SharedThing } from './one-setting';
import { SharedCache } from './shared-cache';
import { limitUserData } from './user-data-limit';
import { ConflictError, ValidationError } from '../../core/errors';
import { onceFor } from '../../core/once';
import { requireText } from '../../core/validate';
import type { WorkloadCredentialsProviderOptions } from '../delivery-options';

/** Nobody but root writes here, and programs may be run: neither is so in folders for temporary files, on hardened images. */
const FOLDER = '/opt/workload-credentials-provider';
/** Of the provider's own installation: its settings, its group that may ask for secrets, and its longest time to live. */
const SETTINGS = '/etc/aws-workload-credentials-provider';
const TOKEN_GROUP = 'aws-wcp-token';
const LONGEST_SECONDS = 3600;
/** What `useradd` takes for a name. */
const USER = /^[a-z_][a-z0-9_-]*$/;
const LONGEST_USER = 32;

/** What runs the provider. */
type Instances = Instance | AutoScalingGroup;

/** Lets the programs of instances read a secret through the provider, and tells them which. */
export function provideOn(
  instances: Instances, method: string, secret: ISecret, options: WorkloadCredentialsProviderOptions,
): void {
  requireSameRegion({ consumer: instances, method }, secret);
  const provider = CredentialsProvider.of(instances, method, options).with(secret, options);
  tell({ consumer: instances, method }, secret, options, (name, value) => provider.tell(name, value));
}

/** The AWS Workload Credentials Provider of an instance, or of each instance of a group: one for all secrets. */
class CredentialsProvider {
  static of(instances: Instances, method: string, { providerPackage }: WorkloadCredentialsProviderOptions): CredentialsProvider {
    return onceFor(instances, 'workload credentials provider', () => new CredentialsProvider(instances, method, providerPackage));
  }

  private readonly thing: SharedThing;
  private readonly cache: SharedCache;
  private readonly variables: string[] = [];
  private readonly users = new Set<string>();

  private constructor(private readonly instances: Instances, private readonly method: string, private readonly archive: Asset) {
    this.requireLinux();
    this.requireRole();
    this.thing = { consumer: instances, what: 'Workload Credentials Provider' };
    this.cache = new SharedCache({
      ...this.thing,
      method,
      setting: 'ttl_seconds',
      longestSeconds: LONGEST_SECONDS,
      remedy: 'have programs ask once more with `refreshNow=true` when a login is refused',
      messages: {
        off: 'cdk-secretsmanager-patterns:providerCacheOff', outlives: 'cdk-secretsmanager-patterns:providerOutlivesRotation',
      },
    });
    archive.grantRead(instances);
    this.install();
    limitUserData(instances);
  }

  /** Adds a secret that is read through it, for a user of Linux. */
  with(secret: ISecret, { applicationUser, providerPackage, timeToLive }: WorkloadCredentialsProviderOptions): this {
    requireText(
      { scope: this.instances, property: `${this.method}(applicationUser)`, remedy: 'name the user that the program runs as' },
      applicationUser,
      { minimum: 1, maximum: LONGEST_USER, pattern: USER, allowed: 'a user of Linux: lower case letters, digits, _ and -' },
    );
    oneSetting(this.thing, 'providerPackage', this.archive, providerPackage, ({ node }) => node.path);
    this.cache.add(secret, timeToLive);
    this.users.add(applicationUser);
    return this;
  }

  /** Tells programs which secret is meant. */
  tell(variable: string, secretId: string): void {
    this.variables.push(`${variable}=${secretId}`);
  }

  private requireLinux(): void {
    const { osType } = this.instances;
    if (osType !== OperatingSystemType.LINUX) {
      throw new ValidationError({
        scope: this.instances,
        property: 'machineImage',
        got: OperatingSystemType[osType],
        allowed: 'an image of Linux',
        remedy: "grant reading with secret.grants.read(), and install AWS's provider with its install.ps1",
      });
    }
  }

  /** A launch template has a role where it was given one. */
  private requireRole(): void {
    if (this.instances.grantPrincipal instanceof UnknownPrincipal) {
      throw new ConflictError(this.instances, 'its instances have no role to read a secret with, or none that is known',
        'give the launch template a `role`');
    }
  }

  /** Once, when an instance is made; one that is without its provider fails its start. Times and names are known at synthesis. */
  private install(): void {
    const { userData } = this.instances;
    const archive = userData.addS3DownloadCommand({
      bucket: this.archive.bucket,
      bucketKey: this.archive.s3ObjectKey,
      localFile: `${FOLDER}.zip`,
      // By a gateway endpoint, and in China, the bucket is found by its Region only.
      region: Stack.of(this.instances).region,
    });
    const lines = (produce: () => string[]): string =>
      Lazy.string({ produce: () => produce().map((line) => `'${line.replaceAll("'", "'\\''")}'`).join(' ') });
    const users = lines(() => [...this.users]);
    userData.addCommands(
      [
        `unzip -q -o ${archive} -d ${FOLDER}`,
        `printf '%s\\n' ${lines(() => ['[capabilities.secrets_manager.cache]', `ttl_seconds = ${this.cache.seconds}`])} `
          + `> ${FOLDER}/config.toml`,
        `(cd ${FOLDER}/aws_workload_credentials_provider_common/configuration && ./install --config ${FOLDER}/config.toml)`,
        `printf '%s\\n' ${lines(() => this.variables)} > ${SETTINGS}/secrets.env`,
        `for user in ${users}; do { id -u -- "$user" || useradd --system --shell /sbin/nologin -- "$user"; } > /dev/null`
          + ` && usermod -aG ${TOKEN_GROUP} -- "$user" || exit 1; done`,
      ].join(' &&\n') + ' ||\nexit 1',
    );
  }
}
