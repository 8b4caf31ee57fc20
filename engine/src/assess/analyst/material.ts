/** Bounds of what is shown; a session may have a megabyte in one command and a hundred thousand of them. */
export const shownEventsMax = 60;
export const shownTextCharactersMax = 400;
