import { synthesisedExample } from './synthesised';

test('synthesises to the templates that were reviewed', () => {
  expect(synthesisedExample()).toMatchSnapshot();
});
