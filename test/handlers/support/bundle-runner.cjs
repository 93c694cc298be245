/**
 * Calls the handler of a bundle with whatever event its parent sends, and says how it ended. Its arguments: the bundle and the
 * function's ARN.
 */
const [, , file, invokedFunctionArn] = process.argv;
const FUNCTION_TIMEOUT = Number(process.env.TEST_FUNCTION_TIMEOUT ?? 20_000);

const { handler } = require(file);

process.on('disconnect', () => process.exit());
process.on('message', async (event) => {
  const endsAt = Date.now() + FUNCTION_TIMEOUT;
  try {
    await handler(event, { invokedFunctionArn, getRemainingTimeInMillis: () => endsAt - Date.now() });
    process.send({});
  } catch (error) {
    process.send({ error: error.message });
  }
});
