import { LoginLoop, type LoginSource } from '../../../scripts/drill/login-loop';

const REFUSED = new Error('refused');

/** Signs in until each login of the script has had its turn. */
async function count(script: (source: { rotating: boolean; version: number }) => Promise<void>, logins = 3) {
  const state = { rotating: false, version: 1 };
  let seen = 0;
  await new Promise<void>((resolve, reject) => {
    const source: LoginSource<number> = {
      readCurrent: async () => ({ versionId: String(state.version), value: state.version }),
      logIn: async () => {
        seen += 1;
        if (seen > logins) {
          resolve();
          return;
        }
        await script(state);
      },
      isRefusal: (thrown) => thrown === REFUSED,
      mayFail: () => state.rotating,
      hasToLetIn: async (versionId) => versionId === String(state.version),
    };
    loop = new LoginLoop(source);
    setTimeout(() => reject(new Error('the loop has come to a stop')), 60_000).unref();
  });
  return loop.stop();
}

let loop: LoginLoop<number>;

test('counts logins', async () => {
  const { tried, ...others } = await count(async () => {});
  expect(tried).toBeGreaterThanOrEqual(4);
  expect(others).toEqual({ failed: 0, unexplained: 0, longestOutage: 0, lastFailure: undefined, unanswered: 0 });
});

test('a refused login while nothing rotates has no explanation', async () => {
  expect(await count(async () => Promise.reject(REFUSED))).toMatchObject({ failed: 3, unexplained: 3, lastFailure: 'refused' });
});

test('a rotation during which logins may fail explains a refused login, if it begins before the value is used', async () => {
  const outcome = await count(async (state) => {
    state.rotating = true;
    throw REFUSED;
  });
  expect(outcome).toMatchObject({ failed: 3, unexplained: 0 });
  expect(outcome.longestOutage).toBeGreaterThan(0);
});

test('a value that has not to let in any more explains a refused login', async () => {
  expect(await count(async (state) => {
    state.version += 1;
    throw REFUSED;
  })).toMatchObject({ failed: 3, unexplained: 0 });
});

test('what is no refusal says nothing of the login', async () => {
  expect(await count(async () => Promise.reject(new Error('the machine is busy')))).toMatchObject({ failed: 0, unanswered: 3 });
});
