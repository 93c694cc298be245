import { onlyRow } from '../../../handlers/database/only-row';

test('the row is the answer', () => {
  expect(onlyRow([{ found: 1 }])).toEqual({ found: 1 });
});

test('an answer without one is an error of the server, not a defect of the function', () => {
  expect(() => onlyRow([])).toThrow(expect.objectContaining({
    errorClass: 'protocol', text: 'the server answers a question that has one answer with no row: rotate again',
  }));
});
