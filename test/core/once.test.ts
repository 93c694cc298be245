import { App, Stack, Stage } from 'aws-cdk-lib/core';
import { ConflictError } from '../../src/core/errors';
import { type Claim, claimOnce } from '../../src/core/once';

const SET: Claim = { what: 'set', extent: 'account and Region', remedy: 'keep one' };
const TRAIL: Claim = { what: 'trail', extent: 'account', remedy: 'keep one' };

const env = (account: string, region: string) => ({ env: { account, region } });

describe('claimOnce', () => {
  test('refuses a second one in the same stack, naming both', () => {
    const stack = new Stack(new App(), 'Stack');
    claimOnce(stack, SET);
    expect(() => claimOnce(stack, SET)).toThrow(ConflictError);
    expect(() => claimOnce(stack, SET)).toThrow("[Stack] 'Stack' already is the set of this account and Region; keep one");
  });

  test.each([
    ['account and Region the same', SET, env('1', 'eu-west-1'), env('1', 'eu-west-1'), false],
    ['another Region', SET, env('1', 'eu-west-1'), env('1', 'eu-west-2'), true],
    ['another account', SET, env('1', 'eu-west-1'), env('2', 'eu-west-1'), true],
    ['both unknown', SET, {}, {}, false],
    ['another Region, extent account', TRAIL, env('1', 'eu-west-1'), env('1', 'eu-west-2'), false],
    ['another account, extent account', TRAIL, env('1', 'eu-west-1'), env('2', 'eu-west-1'), true],
    ['both unknown, extent account', TRAIL, {}, {}, false],
  ])('two stacks of one app, %s', (_, claim, first, second, allowed) => {
    const app = new App();
    claimOnce(new Stack(app, 'First', first), claim);
    const again = () => claimOnce(new Stack(app, 'Second', second), claim);
    if (allowed) {
      expect(again).not.toThrow();
    } else {
      expect(again).toThrow("[Second] 'First' already is the");
    }
  });

  test('stages whose environment is not known are told apart', () => {
    const app = new App();
    claimOnce(new Stack(new Stage(app, 'Dev'), 'Stack'), SET);
    expect(() => claimOnce(new Stack(new Stage(app, 'Prod'), 'Stack'), SET)).not.toThrow();
  });

  test('stages of one known environment are not', () => {
    const app = new App();
    claimOnce(new Stack(new Stage(app, 'Dev', env('1', 'eu-west-1')), 'Stack'), SET);
    expect(() => claimOnce(new Stack(new Stage(app, 'Prod', env('1', 'eu-west-1')), 'Stack'), SET)).toThrow(ConflictError);
  });

  test('a stack without an app, kinds and apps are told apart', () => {
    claimOnce(new Stack(), SET);
    expect(() => claimOnce(new Stack(), SET)).not.toThrow();
    const stack = new Stack(new App(), 'Stack');
    claimOnce(stack, SET);
    expect(() => claimOnce(stack, TRAIL)).not.toThrow();
  });
});
