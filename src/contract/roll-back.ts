/** What the staging labels begin with that ask a rotation to bring a former value back; the rotation's token follows. */
export const ROLL_BACK = 'ROLL_BACK_';
