import type { Outcome } from './outcome';
import type { LabelledVersion } from './secret-labels';
import type { TemplateApplier } from './template-applier';

/** Says what the demonstration does. */
export class Narration {
  /** Whether the last word was that everything came true. */
  succeeded = false;

  constructor(private readonly write: (line: string) => void) {}

  readme(usernames: readonly string[]): void {
    this.write(`
The README's first example, as it is, on a new database: after each of ${usernames.length} rotations its application signed in, \
as ${usernames.join(', then as ')}.`);
  }

  created({ resources, leftOut }: TemplateApplier): void {
    this.write(`
No emulator of AWS can deploy the example as it is. What its rotations need was created from the synthesised templates \
(.demo/cdk.out),
resource by resource: by API calls to an emulator (moto), or as a server or function on this machine.
`);
    const longest = Math.max(...resources.map(({ type }) => type.length));
    const said = new Set<string>();
    for (const { region, type, logicalId, physicalId, note } of resources) {
      this.write(`  ${region}  ${type.padEnd(longest)}  ${logicalId}`);
      // Policies, attachments and schedules have the ARN of their secret.
      const more = said.has(`${region} ${physicalId}`) ? [] : [physicalId, ...note === undefined ? [] : [note]];
      more.forEach((line) => this.write(`  ${' '.repeat(region.length + longest + 4)}${line}`));
      said.add(`${region} ${physicalId}`);
    }
    const left = [...leftOut].sort(([one], [other]) => one.localeCompare(other))
      .map(([service, number]) => `${number} of ${service}`);
    this.write(`\nLeft out, for nothing here uses them: ${left.join(', ')}.`);
  }

  substituted(database: string): void {
    this.write(`
The functions run in AWS's Lambda runtime interface emulator on Node.js 24, with the code and the variables of the templates. \
Different from AWS:
  database         ${database}; TLS and SCRAM, a master user that is no superuser
  authorities      of this run, in place of Amazon RDS's: certificateAuthorities in ROTATION_DATABASE, NODE_EXTRA_CA_CERTS of \
MyCustomApp
  endpoint         of the emulator: SECRETS_MANAGER_ENDPOINT, AWS_ENDPOINT_URL_SECRETS_MANAGER of MyCustomApp
  MyCustomApp      takes pg and the AWS SDK from this checkout, and may take 30 seconds for a call
  Secrets Manager  the emulator starts a rotation, the demonstration invokes the four steps; no policy is evaluated, nothing is \
encrypted with the keys`);
  }

  firstRotations(): void {
    this.write('\nFirst rotations, which begin with the schedules');
  }

  rotated(name: string, took: number, at?: number): void {
    this.write(`  ${at === undefined ? '' : `${at.toFixed(1).padStart(5)} s  `}${name} rotated in ${took.toFixed(2)} s`);
  }

  labels(when: string, name: string, versions: readonly LabelledVersion[]): void {
    this.write(`\nLabels of ${name} ${when}`);
    for (const { labels, versionId, username } of versions) {
      this.write(`  ${labels.join(', ').padEnd(12)}  ${versionId}  ${username}`);
    }
  }

  started(connections: number, seconds: number): void {
    this.write(`\nMyCustomApp reads the secret, signs in and asks who it is: on ${connections} connections, over and over for `
      + `${seconds} seconds`);
  }

  outcome({ logins, letIn, refused, rotations, staleReplicas }: Outcome, name: string): void {
    const users = [...logins.users].sort(([one], [other]) => one.localeCompare(other)).map(([user, count]) => `${user} ${count}`);
    const replica = staleReplicas.length === 0
      ? 'has the value of the primary'
      : `in ${staleReplicas.join(', ')} has another value than the primary`;
    this.write(`
Logins      ${logins.tried} tried, ${logins.failed} failed (${users.join(', ')})
Database    ${letIn} logins of these users let in, the rotations' own among them; ${refused} refused meanwhile, whoever tried
Rotations   ${rotations} of ${name} while the application ran
Replica     ${replica}`);
    for (const [text, count] of logins.failures) {
      this.write(`  ${count} × ${text}`);
    }
  }

  end(shortcomings: readonly string[]): void {
    this.succeeded = shortcomings.length === 0;
    this.write(this.succeeded
      ? '\nThe password changed underneath the application without one failed login.'
      : `\nThe demonstration failed: ${shortcomings.join('; ')}.`);
  }
}
