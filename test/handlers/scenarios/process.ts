import type { SecretsBench } from '../support/bench';

/** What a process keeps between the steps. */
export function describeProcess(benchOf: () => SecretsBench): void {
  test.each([
    ['with', 0],
    ['without', 7],
  ])('forgets the values of a secret when a step has failed, of an event that names it %s its suffix', async (_, cut) => {
    const bench = benchOf();
    const arn = await bench.createSecret('the first value');
    const rotating = bench.inProcess('regenerate', {
      bindings: [{ secret: arn, password: { length: 20, excludeCharacters: '' } }],
    });
    const rotation = await bench.begin(arn);
    const invoke = async (step: 'createSecret' | 'setSecret', change = {}): Promise<void> =>
      rotating.invoke({ ...bench.event(rotation, step), SecretId: arn.slice(0, arn.length - cut), ...change });
    await invoke('createSecret');
    bench.reset();
    await invoke('setSecret');
    expect(bench.count('GetSecretValue')).toBe(0);
    await expect(invoke('setSecret', { ClientRequestToken: '00000000-0000-0000-0000-000000000000' }))
      .rejects.toMatchObject({ errorClass: 'conflict' });
    await invoke('setSecret');
    expect(bench.count('GetSecretValue')).toBe(1);
  });
}
