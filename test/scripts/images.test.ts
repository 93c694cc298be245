import { IMAGES } from '../../scripts/images';
import { containerArguments } from '../../scripts/test-image';

test.each(IMAGES)('$name is of a version that stays', ({ image }) => {
  expect(image).toMatch(/:\d/);
});

test.each(IMAGES)('$name is reached on this machine alone, and sees its certificates', (image) => {
  const args = containerArguments(image, '/here');
  expect(args.slice(0, 5)).toEqual(['--detach', '--publish', `127.0.0.1::${image.port}`, '--volume', '/here:/certificates:ro']);
  expect(args.slice(args.indexOf(image.image) + 1)).toEqual(image.arguments ?? []);
});

test('what lies over files of an image, and its environment, are handed over', () => {
  const args = containerArguments(IMAGES.find(({ engine }) => engine === 'sqlserver')!, '/here');
  expect(args).toEqual(expect.arrayContaining(['/here/mssql.conf:/var/opt/mssql/mssql.conf:ro', 'ACCEPT_EULA=Y']));
});
