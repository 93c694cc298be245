import type { SecretsBench } from '../support/bench';

/** The audit, by the function that rotates. */
export function describeAudit(benchOf: () => SecretsBench): void {
  test('the same function audits what it rotates: it reads no value, does not wait for rights, and fails with what it '
    + 'found', async () => {
    const bench = benchOf();
    const arn = await bench.createSecret('value');
    const auditing = bench.inProcess('regenerate', {
      bindings: [{ secret: arn, password: { length: 20, excludeCharacters: '' } }],
    });
    const untouched = await bench.createSecret('value', 'untouched');
    await bench.rotate(auditing, arn);
    bench.reset();
    await auditing.invoke({ audit: [{ secret: arn, rotatesWithinHours: 24 }] });
    expect(auditing.lastLine).toMatchObject({ step: 'audit', outcome: 'done' });
    await bench.begin(arn);
    await auditing.invoke({ audit: [{ secret: arn, rotatesWithinHours: 24 }] });
    const missing = { secret: 'nosuch', rotatesWithinHours: 24 };
    bench.permit(['DescribeSecret', 'ListSecretVersionIds'], ['untouched', arn, 'nosuch']);
    const denied = { secret: await bench.createSecret('value', 'denied'), rotatesWithinHours: 24 };
    const findings = auditing.invoke({ audit: [{ secret: untouched, rotatesWithinHours: 24 }, missing, denied] });
    await expect(findings).rejects.toMatchObject({ name: 'RotationError', errorClass: 'audit' });
    await expect(findings)
      .rejects.toThrow(new RegExp(`${untouched}: rotation is off; nosuch: does not exist; ${denied.secret}: access denied$`));
    expect([...new Set(bench.actions())].sort()).toEqual(['DescribeSecret', 'ListSecretVersionIds']);
    expect(auditing.lastLine).toMatchObject({ level: 'ERROR', step: 'audit', outcome: 'failed', errorClass: 'audit' });
  });
}
