/** What the managed Node.js runtime does, as far as a handler can tell: a client of the Lambda Runtime API. */
const http = require('node:http');
const path = require('node:path');

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const [file, name] = process.env._HANDLER.split('.');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function call(method, resource, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, method, path: `/2018-06-01/runtime/${resource}`, agent, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject).end(body);
  });
}

function describe(error) {
  const isError = error instanceof Error;
  return {
    errorType: isError ? error.name : typeof error,
    errorMessage: isError ? error.message : String(error),
    trace: isError ? error.stack.split('\n') : [],
  };
}

function fail(resource, error) {
  const described = describe(error);
  // As the managed runtime does, with every field that a library put on the error: what leaks there has to leak here.
  const { errorType, errorMessage, trace } = described;
  console.error(
    `Invoke Error\t${JSON.stringify({ errorType, errorMessage, ...(error instanceof Error ? error : {}), stack: trace })}`,
  );
  return call('POST', resource, JSON.stringify(described), {
    'content-type': 'application/json',
    'lambda-runtime-function-error-type': encodeURIComponent(errorType),
  });
}

async function main() {
  let handler;
  try {
    handler = require(path.join(process.env.LAMBDA_TASK_ROOT, `${file}.js`))[name];
    if (typeof handler !== 'function') {
      throw Object.assign(new Error(`${process.env._HANDLER} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
    }
  } catch (error) {
    await fail('init/error', error);
    process.exit(1);
  }
  for (;;) {
    const next = await call('GET', 'invocation/next');
    const requestId = next.headers['lambda-runtime-aws-request-id'];
    const deadline = Number(next.headers['lambda-runtime-deadline-ms']);
    const context = {
      awsRequestId: requestId,
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      invokedFunctionArn: next.headers['lambda-runtime-invoked-function-arn'],
      getRemainingTimeInMillis: () => deadline - Date.now(),
    };
    try {
      const result = await handler(JSON.parse(next.body), context);
      await call('POST', `invocation/${requestId}/response`, JSON.stringify(result === undefined ? null : result), {
        'content-type': 'application/json',
      });
    } catch (error) {
      await fail(`invocation/${requestId}/error`, error);
    }
  }
}

void main();
