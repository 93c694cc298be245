import { letsIn } from './lets-in';

const isRefusal = (thrown: unknown): boolean => (thrown as Error).message === 'refused';

test('a server that lets somebody in says yes', async () => {
  expect(await letsIn(async () => undefined, isRefusal)).toBe(true);
});

test('a refusal is a no, and is not asked for again', async () => {
  const logIn = jest.fn().mockRejectedValue(new Error('refused'));
  expect(await letsIn(logIn, isRefusal)).toBe(false);
  expect(logIn).toHaveBeenCalledTimes(1);
});

test.each([
  [true, undefined],
  [false, new Error('refused')],
])('anything else says nothing, and the answer comes with a later login: %s', async (answer, error) => {
  const logIn = jest
    .fn()
    .mockRejectedValueOnce(new Error('timeout'))
    .mockImplementation(async () => {
      if (error) {
        throw error;
      }
    });
  expect(await letsIn(logIn, isRefusal)).toBe(answer);
  expect(logIn).toHaveBeenCalledTimes(2);
});

test('a server that never answers is an error of the test', async () => {
  const now = jest.spyOn(Date, 'now');
  const logIn = jest.fn().mockImplementation(async () => {
    now.mockReturnValue(Number.MAX_SAFE_INTEGER);
    throw new Error('timeout');
  });
  await expect(letsIn(logIn, isRefusal)).rejects.toThrow('timeout');
  now.mockRestore();
});
