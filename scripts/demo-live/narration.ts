import { LoginStream } from './login-stream';
import type { Part } from './marked-text';
import type { Outcome } from './outcome';
import type { Screen } from './screen';
import type { LabelledVersion } from './secret-labels';
import type { KilledRotation } from '../local-deployment/rotation-driver';
import type { TemplateApplier } from '../local-deployment/template-applier';

const PROGRESS_WIDTH = 20;
const INDENTATION = ' '.repeat(11);

/** Says what the demonstration does. */
export class Narration {
  /** Whether the last word was that everything came true. */
  succeeded = false;
  private readonly logins = new LoginStream();

  /** @param verbose whether resources, ARNs and version ids are listed as well */
  constructor(private readonly screen: Screen, private readonly verbose: boolean) {}

  readme(usernames: readonly string[]): void {
    this.screen.line(`
The README's first example, as it is, on a new database: its application signed in after each of ${usernames.length} rotations,
as ${usernames.join(', then as ')}.`);
  }

  created({ resources, leftOut }: TemplateApplier): void {
    this.screen.line(`
The larger example: ${resources.length} resources that its rotations need were created from the synthesised templates,
on an emulator of AWS, a PostgreSQL server and Lambda's runtime emulator.${this.verbose ? '' : ' --verbose lists them, and what differs from AWS.'}`);
    if (!this.verbose) {
      return;
    }
    const longest = Math.max(...resources.map(({ type }) => type.length));
    const said = new Set<string>();
    for (const { region, type, logicalId, physicalId, note } of resources) {
      this.screen.line(`  ${region}  ${type.padEnd(longest)}  ${logicalId}`);
      // Policies, attachments and schedules have the ARN of their secret.
      const more = said.has(`${region} ${physicalId}`) ? [] : [physicalId, ...note === undefined ? [] : [note]];
      more.forEach((line) => this.screen.line(`  ${' '.repeat(region.length + longest + 4)}${line}`));
      said.add(`${region} ${physicalId}`);
    }
    const left = [...leftOut].sort(([one], [other]) => one.localeCompare(other))
      .map(([service, number]) => `${number} of ${service}`);
    this.screen.line(`\nLeft out, for nothing here uses them: ${left.join(', ')}.`);
  }

  substituted(database: string): void {
    if (this.verbose) {
      this.screen.line(`
The functions have the code and the variables of the templates, on Node.js 24. Different from AWS:
  database         ${database}; TLS and SCRAM, a master user that is no superuser
  authorities      of this run, in place of Amazon RDS's: certificateAuthorities in ROTATION_DATABASE, NODE_EXTRA_CA_CERTS of \
MyCustomApp
  endpoint         of the emulator: SECRETS_MANAGER_ENDPOINT, AWS_ENDPOINT_URL_SECRETS_MANAGER of MyCustomApp
  MyCustomApp      takes pg and the AWS SDK from this checkout, and may take 30 seconds for a call
  Secrets Manager  the emulator starts a rotation, the demonstration invokes the four steps; no policy is evaluated, nothing is \
encrypted with the keys`);
    }
  }

  firstRotations(): void {
    this.screen.line('\nFirst rotations, which begin with the schedules');
  }

  labels(when: string, name: string, versions: readonly LabelledVersion[]): void {
    this.screen.line(`\nLabels of ${name} ${when}`);
    for (const { labels, versionId, username } of versions) {
      this.screen.line(`  ${labels.join(', ').padEnd(12)}  ${this.verbose ? `${versionId}  ` : ''}${username}`);
    }
  }

  started(connections: number, seconds: number, usernames: readonly string[]): void {
    this.screen.line(`\nMyCustomApp reads the secret, signs in and asks who it is: on ${connections} connections, over and over `
      + `for ${seconds} seconds`);
    this.screen.line([INDENTATION, ...this.logins.legend(usernames)]);
  }

  /** A login of the application has ended. */
  login(username: string | undefined): void {
    this.logins.add(username);
  }

  /** Shows how far it is, on a terminal. */
  progress(at: number, seconds: number): void {
    const done = Math.min(PROGRESS_WIDTH, Math.round(at / seconds * PROGRESS_WIDTH));
    this.screen.below([
      clock(at), { text: `${'━'.repeat(done)}${'─'.repeat(PROGRESS_WIDTH - done)}  `, emphasis: 'faint' }, ...this.logins.peek(),
    ]);
  }

  /** The logins up to now, as a line. */
  row(at: number): void {
    const { marks, width, logins } = this.logins.next();
    if (logins > 0) {
      const length = marks.reduce((sum, { text }) => sum + text.length, 0);
      const count: Part = { text: `${' '.repeat(width - length)}  ${logins} logins`, emphasis: 'faint' };
      this.screen.line([clock(at), ...marks, count]);
    }
  }

  rotated(name: string, took: number, { at, user }: { at?: number; user?: string } = {}): void {
    const means = user === undefined ? '' : `: the next login is that of ${user}`;
    this.moment(at, `${name} rotated in ${took.toFixed(2)} s${means}`);
  }

  killed(name: string, { step }: KilledRotation, at: number, versions: readonly LabelledVersion[]): void {
    const pending = versions.find(({ labels }) => labels.includes('AWSPENDING'));
    this.moment(at, [{ text: `${name} rotates, and its function is killed in ${step}`, emphasis: 'bad' }]);
    this.screen.line(`${INDENTATION}The database has a new password of ${pending?.username} that nobody has tested; AWSCURRENT is `
      + 'where it was.');
  }

  healed(took: number, at: number, user: string): void {
    this.moment(at, [{ text: `The next attempt finishes it in ${took.toFixed(2)} s`, emphasis: 'good' },
      `: the next login is that of ${user}`]);
  }

  outcome({ logins, letIn, refused, rotations, healed, staleReplicas }: Outcome, name: string): void {
    this.screen.below('');
    const users = [...logins.users].sort(([one], [other]) => one.localeCompare(other)).map(([user, count]) => `${user} ${count}`);
    const replica = staleReplicas.length === 0
      ? 'has the value of the primary'
      : `in ${staleReplicas.join(', ')} has another value than the primary`;
    this.screen.line(`
Logins      ${logins.tried} tried, ${logins.failed} failed (${users.join(', ')})
Database    ${letIn} logins of these users let in, the rotations' own among them; ${refused} refused meanwhile, whoever tried
Rotations   ${rotations} of ${name} while the application ran; of one the function was killed, and it ${healed ? '' : 'never '}\
finished
Replica     ${replica}`);
    for (const [text, count] of logins.failures) {
      this.screen.line(`  ${count} × ${text}`);
    }
  }

  /** @param success the last word where nothing is missing */
  end(
    shortcomings: readonly string[], success = 'The password changed underneath the application without one failed login.',
  ): void {
    this.screen.below('');
    this.succeeded = shortcomings.length === 0;
    this.screen.line('');
    this.screen.line([this.succeeded
      ? { text: success, emphasis: 'good' }
      : { text: `The demonstration failed: ${shortcomings.join('; ')}.`, emphasis: 'bad' }]);
  }

  private moment(at: number | undefined, text: string | readonly (string | Part)[]): void {
    if (at !== undefined) {
      this.row(at);
    }
    this.screen.line([at === undefined ? '  ' : clock(at), ...typeof text === 'string' ? [text] : text]);
  }
}

function clock(at: number): string {
  return `${at.toFixed(1).padStart(7)} s  `;
}
