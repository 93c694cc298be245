import { onEksApp, templatesOf } from './synthesised';

test('synthesises to the template that was reviewed', () => {
  expect(templatesOf(onEksApp())).toMatchSnapshot();
});
