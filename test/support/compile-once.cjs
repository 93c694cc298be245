const vm = require('node:vm');

const { compileFunction } = vm;
const scripts = new Map();

/**
 * Has a file compiled once for all test files of a process. Jest runs it in a context for each, and compiles it for each, of
 * itself too: that was a quarter of the time of small tests. A script is the same in every context.
 */
vm.compileFunction = function compileOnce(source, parameters, options = {}) {
  const { parsingContext, filename } = options;
  if (parsingContext === undefined) {
    return compileFunction(source, parameters, options);
  }
  const key = [filename, parameters, source].join('\n');
  let script = scripts.get(key);
  if (!script) {
    const head = `(function (${parameters.join()}) {`;
    script = new vm.Script(`${head}${source}\n})`, { filename, columnOffset: -head.length });
    scripts.set(key, script);
  }
  return script.runInContext(parsingContext);
};
