import { firstExample } from '../../../scripts/demo-live/readme-stack';

test('a README without an example is noticed', () => {
  expect(() => firstExample('```sh\nnpm ci\n```\n')).toThrow('the README has no example');
});
