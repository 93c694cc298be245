import { randomUUID } from 'node:crypto';
import { Template } from 'aws-cdk-lib/assertions';
import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Stack } from 'aws-cdk-lib/core';
import { Automation, type Surroundings } from './automation';
import { ScriptHost } from './script-host';
import { HardenedSecret, Rotation, RotationRunbook, SecretsPlatform } from '../../src';
import type { UserBinding } from '../../src/contract/database-facts';
import { type Credentials, RotationBench } from '../handlers/support/rotation-bench';
import { ACCESS_KEY_ID, REGION } from '../handlers/support/rotation-environment';
import type { FunctionInProcess } from '../handlers/support/rotation-function';
import { requireServer } from '../servers/require-server';
import { only, testApp } from '../support/scenario';

const RUNBOOK = 'AKIARUNBOOKRUNBOOKRU';
const MAY = ['DescribeSecret', 'RotateSecret', 'UpdateSecretVersionStage'];
const KINDS = ['prove', 'single', 'alternating'] as const;

function documentOf(needsApproval: boolean): Record<string, any> {
  const stack = new Stack(testApp(), 'App', { env: { account: '111111111111', region: REGION } });
  const platform = new SecretsPlatform(stack, 'Platform', { platformName: 'app' });
  new HardenedSecret(stack, 'Secret', { platform, rotation: Rotation.regenerate() });
  new RotationRunbook(stack, 'Runbook', {
    platform,
    approval: needsApproval ? {
      topic: new Topic(stack, 'Topic', { topicName: 'AutomationRequests' }),
      approvers: [new ArnPrincipal('arn:aws:iam::111111111111:role/on-call')],
    } : undefined,
  });
  return only(Template.fromStack(stack), 'AWS::SSM::Document').resource.Properties.Content as Record<string, any>;
}

requireServer('postgresql-18', 'secrets-manager')('the runbook, on Secrets Manager and PostgreSQL', () => {
  const document = documentOf(false);
  let bench: RotationBench;
  let scripts: ScriptHost;
  let serial = 0;
  let app: Credentials;
  let arn: string;
  let rotating: FunctionInProcess;

  const started = (action: string, more: Partial<Surroundings> = {}, from = document): Automation =>
    new Automation(from, { SecretId: arn, Action: action }, {
      id: randomUUID(),
      scripts,
      ...more,
    });
  /** What Secrets Manager does once the runbook has started a rotation. */
  const rotates = async (): Promise<void> => bench.drive(rotating, await bench.pendingOf(arn));
  const calls = (): string[] => bench.guard.calls.filter(({ caller }) => caller === RUNBOOK).map(({ action }) => action);
  const use = async (kind: typeof KINDS[number]): Promise<void> => {
    const superuserSecret = await bench.createSuperuserSecret();
    rotating = bench.inProcess('rotate-postgresql', {
      database: bench.facts,
      ...kind === 'prove' ? { mode: 'prove' } : {
        mode: 'superuser',
        superuserSecret,
        bindings: [{ secret: arn, username: app.username, strategy: kind as UserBinding['strategy'] }],
      },
    });
    await bench.rotate(rotating, arn);
    bench.guard.reset();
    bench.guard.enforce([
      { accessKeyId: RUNBOOK, actions: MAY, secrets: [arn] }, { accessKeyId: ACCESS_KEY_ID, actions: ['*'], secrets: ['*'] },
    ]);
  };

  beforeAll(async () => {
    bench = await RotationBench.start({ version: 18 });
    scripts = new ScriptHost({
      AWS_ENDPOINT_URL: bench.guard.url,
      AWS_DEFAULT_REGION: REGION,
      AWS_ACCESS_KEY_ID: RUNBOOK,
      AWS_SECRET_ACCESS_KEY: 'none',
    });
  });

  afterAll(async () => {
    scripts.stop();
    await bench.stop();
  });

  beforeEach(async () => {
    bench.guard.reset();
    app = { username: `runbook${serial++}`, password: 'the first password' };
    await bench.createUser(app);
    arn = await bench.createSecret(bench.content(app));
  });

  afterEach(() => {
    expect(calls().filter((action) => !MAY.includes(action))).toEqual([]);
  });

  test('it shows the labels, and changes nothing', async () => {
    await use('single');
    const { AWSCURRENT, AWSPREVIOUS } = await bench.labels(arn);
    const { outputs, steps } = await started('ShowLabels').run();
    expect(steps).toEqual(['Inspect', 'WhetherToChange', 'LabelsAfterwards']);
    expect(outputs['LabelsAfterwards.Labels']).toContain(`AWSCURRENT: ${AWSCURRENT}; AWSPREVIOUS: ${AWSPREVIOUS}; rotation is on`);
    expect(new Set(calls())).toEqual(new Set(['DescribeSecret']));
  });

  test.each(KINDS)('it brings the former value back, in the secret and in the database: %s', async (kind) => {
    await use(kind);
    const after = await bench.credentials(arn);
    const automation = await started('RollBack').run('WaitForRotation');
    await rotates();
    await automation.run();
    expect(automation.steps).toEqual([
      'Inspect', 'WhetherToChange', 'ClearPending', 'WhetherToRotate', 'StartRotation', 'WaitForRotation', 'LabelsAfterwards',
    ]);
    expect(await bench.credentials(arn)).toMatchObject(app);
    expect([await bench.worksFor(app), await bench.worksFor(after)]).toEqual([true, kind === 'alternating']);
    expect(Object.keys(await bench.labels(arn)).sort()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
    const kept = JSON.stringify(automation.outputs);
    expect([app.password, after.password].filter((password) => kept.includes(password))).toEqual([]);
  });

  test.each(KINDS)('it gives up a rotation that is stuck with its password set, and another gets through: %s', async (kind) => {
    await use(kind);
    const stuck = await bench.begin(arn);
    await bench.step(rotating, stuck, 'createSecret');
    await bench.step(rotating, stuck, 'setSecret');
    const automation = await started('RetryRotation').run('WaitForRotation');
    await expect(bench.step(rotating, stuck, 'testSecret')).rejects.toMatchObject({ errorClass: 'conflict' });
    await rotates();
    await automation.run();
    expect((await bench.labels(arn)).AWSCURRENT).not.toBe(stuck.token);
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
  });

  test.each(KINDS)('it rolls back from a rotation that is stuck after its password was set: %s', async (kind) => {
    await use(kind);
    const stuck = await bench.begin(arn);
    await bench.step(rotating, stuck, 'createSecret');
    await bench.step(rotating, stuck, 'setSecret');
    const automation = await started('RollBack').run('WaitForRotation');
    await rotates();
    await automation.run();
    expect(await bench.credentials(arn)).toMatchObject(app);
    expect(await bench.worksFor(app)).toBe(true);
  });

  test('it clears AWSPENDING, and the wish of a rotation that was given up', async () => {
    await use('single');
    const stuck = await bench.begin(arn);
    await bench.askBack(stuck);
    const { steps } = await started('ClearPending').run();
    expect(steps).toEqual(['Inspect', 'WhetherToChange', 'ClearPending', 'WhetherToRotate', 'LabelsAfterwards']);
    expect(Object.keys(await bench.labels(arn)).sort()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
    expect((await started('ClearPending').run()).steps.at(-1)).toBe('LabelsAfterwards');
  });

  test('what has moved since it was looked at is left alone', async () => {
    await use('single');
    const clearing = await started('RetryRotation').run('ClearPending');
    const begun = await bench.begin(arn);
    await expect(clearing.run()).rejects.toThrow('another rotation has begun since');
    expect((await bench.labels(arn)).AWSPENDING).toBe(begun.token);
    await bench.drive(rotating, begun);
    const rolling = await started('RollBack').run('StartRotation');
    await bench.rotate(rotating, arn);
    const labels = await bench.labels(arn);
    await expect(rolling.run()).rejects.toThrow('AWSPREVIOUS has moved since');
    expect(await bench.labels(arn)).toEqual(labels);
  });

  test('without a former value, and where the rotation cannot begin, no wish is left', async () => {
    await use('single');
    bench.guard.fault({ action: 'RotateSecret', times: 10, effect: { kind: 'error', name: 'AccessDeniedException' } });
    await expect(started('RollBack').run()).rejects.toThrow('AccessDeniedException');
    expect(Object.keys(await bench.labels(arn)).sort()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
    bench.guard.fault({ action: 'UpdateSecretVersionStage', times: 1, effect: { kind: 'error', name: 'AccessDeniedException' } });
    await expect(started('RollBack').run()).rejects.toThrow('a function of yours rotates the secret and is not rolled back');
    arn = await bench.createSecret(bench.content(app));
    bench.guard.enforce([{ accessKeyId: RUNBOOK, actions: MAY, secrets: [arn] }]);
    await expect(started('RollBack').run()).rejects.toThrow('the secret has no AWSPREVIOUS');
  });

  test('a rotation that is refused, does not end, or does not know the wish, fails the execution', async () => {
    await use('single');
    const late = await started('RetryRotation', { payload: { Seconds: 0 } }).run('WaitForRotation');
    await expect(late.run()).rejects.toThrow('the rotation has not ended yet');
    const refused = await started('RollBack').run('WaitForRotation');
    await bench.abandon(await bench.pendingOf(arn));
    await expect(refused.run()).rejects.toThrow('the function has given the rotation up');
    const former = await started('RollBack').run('WaitForRotation');
    const rotation = await bench.pendingOf(arn);
    await bench.put(arn, bench.content({ ...app, password: 'of an older function' }), ['AWSPENDING'], rotation.token);
    await bench.promote(rotation);
    await bench.abandon(rotation);
    await expect(former.run()).rejects.toThrow('the function is older than the runbook');
    const after = await bench.labels(arn);
    expect([Object.keys(after).sort(), after.AWSCURRENT]).toEqual([['AWSCURRENT', 'AWSPREVIOUS'], rotation.token]);
  });

  test('a secret that it has no right to is none of its own', async () => {
    await use('single');
    arn = await bench.createSecret('of others');
    await expect(started('RollBack').run()).rejects.toThrow('no function of this platform rotates the secret');
  });

  test.each([true, false])('where somebody has to agree, nothing is changed before: %s', async (agrees) => {
    await use('single');
    const asked: Record<string, any>[] = [];
    const decision = (inputs: Record<string, any>): boolean => asked.push(inputs) > 0 && agrees;
    const automation = started('RollBack', { decision }, documentOf(true));
    if (agrees) {
      await automation.run('WaitForRotation');
      await rotates();
      await automation.run();
    } else {
      await expect(automation.run()).rejects.toThrow('rejected');
      expect(new Set(calls())).toEqual(new Set(['DescribeSecret']));
    }
    expect(await bench.worksFor(app)).toBe(agrees);
    expect(asked[0].Message).toMatch(/^RollBack of the secret arn:.*, which has AWSCURRENT: /);
  });
});
