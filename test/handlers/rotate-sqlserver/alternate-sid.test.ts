import { alternateLoginSid, alternateUserSid } from '../../../handlers/rotate-sqlserver/alternate-sid';

test('is that of one base and one name, in the form that the catalogue shows', () => {
  expect(alternateLoginSid('0x01AB', 'app_clone')).toMatch(/^0x[0-9A-F]{32}$/);
  expect(alternateLoginSid('0x01AB', 'app_clone')).toBe(alternateLoginSid('0x01AB', 'app_clone'));
  expect(
    new Set([
      alternateLoginSid('0x01AB', 'app_clone'),
      alternateLoginSid('0x01AC', 'app_clone'),
      alternateLoginSid('0x01AB', 'app_clonf'),
    ]).size,
  ).toBe(3);
});

test('of a contained user begins as the server begins them: S-1-9-3', () => {
  expect(alternateUserSid('0x01AB', 'app_clone'))
    .toBe(`0x010500000000000903000000${alternateLoginSid('0x01AB', 'app_clone').slice(2)}`);
});
