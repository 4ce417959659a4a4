/** Spans of time that one can choose from. */

const HOUR = 3600;
const DAY = 24 * HOUR;

/** After which a secret room closes itself, in seconds; 0: never. */
export const SPANS = [0, DAY, 7 * DAY, 30 * DAY, 365 * DAY];

/** How long a ban or a mute holds, in seconds; 0: until somebody lifts it. */
export const PENALTIES = [HOUR, DAY, 7 * DAY, 30 * DAY, 0];

/** What a member waits between two messages in slow mode, in seconds; 0: nothing. */
export const PACES = [0, 5, 10, 30, 60, 300, 900, HOUR, 6 * HOUR];

/** How long one wants to hear nothing of a room, in seconds; 0: until one says otherwise. */
export const SILENCES = [HOUR, 8 * HOUR, DAY, 7 * DAY, 0];
