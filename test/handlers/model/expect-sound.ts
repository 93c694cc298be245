import type { Expectation } from './expectations';
import type { Bounds, Report } from './explorer';
import { loadModule } from './load-module';

/** Goes through everything within the bounds; what is wrong is shown with the shortest way there. */
export async function expectSound({ system, positions, ...bounds }: Expectation): Promise<void> {
  const { check } = loadModule<{ check: (system: string, bounds: Bounds) => Promise<Report> }>('test/handlers/model/check.ts');
  const report = await check(system, bounds);
  expect(report.violation).toBeUndefined();
  expect(report.complete).toBe(true);
  expect(report.positions).toBeGreaterThanOrEqual(positions);
}
