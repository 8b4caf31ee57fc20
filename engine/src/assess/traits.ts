/** How a number of a forest's row is told to a person. */
export interface Trait {
  /** The number as it is said: without logarithm, rounded. */
  said(inRow: number): number;
  /** What stands in a row for a number as it is said. */
  row(said: number): number;
  tell(said: number): string;
}

/** By the names of `visitRowFeatures`, `reputationFeatures` and `sessionRowFeatures`. */
export const traits: Readonly<Record<string, Trait>> = {
  events: count('event'),
  commands: count('command'),
  failedLogins: count('failed login'),
  succeededLogin: flag('a login that succeeded', 'no login that succeeded'),
  usernames: count('user name'),
  passwords: count('password'),
  oddestLogin: share('rareness of its credentials', 'no credentials'),
  transfers: count('transferred file'),
  tunnels: count('tunnel'),
  seconds: seconds((length) => `a length of ${length}`),
  eventsPerMinute: count('event a minute', 'events a minute'),
  medianPause: seconds((length) => `${length} between commands`),
  hour: { said: Math.floor, row: (hour) => hour, tell: (hour) => `a beginning at ${hour} h UTC` },
  distinctCommands: share('of the commands different'),
  meanLength: count('character on average', 'characters on average'),
  encodedShare: share('of the commands encoded'),
  reputation: share('known bad by reputation'),
  reputationKnown: flag('a reputation that is known', 'a reputation that is not known'),
  statements: count('statement'),
  distinct: share('of the statements different'),
  severeShare: share('mean chance of HIGH'),
  severest: share('chance of HIGH at most'),
  techniques: count('technique'),
  longest: count('character in the longest', 'characters in the longest'),
  oddShare: share('of the statements encoded'),
  unknownShapes: share('of the shapes never seen'),
};

function count(one: string, many = `${one}s`): Trait {
  return {
    said: (inRow) => Math.round(Math.expm1(inRow)),
    row: Math.log1p,
    tell: (said) => `${said} ${said === 1 ? one : many}`,
  };
}

/** Of the logarithm of seconds; below zero where there was none. */
function seconds(sentence: (length: string) => string): Trait {
  return {
    said: (inRow) => (inRow < 0 ? -1 : Math.round(Math.expm1(inRow) * 10) / 10),
    row: (said) => (said < 0 ? -1 : Math.log1p(said)),
    tell: (said) => sentence(said < 0 ? 'no time' : lengthOf(said)),
  };
}

function lengthOf(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}

function share(what: string, none = `no ${what}`): Trait {
  return {
    said: (inRow) => Math.round(inRow * 100) / 100,
    row: (said) => said,
    tell: (said) => (said < 0 ? none : `${Math.round(said * 100)} % ${what}`),
  };
}

function flag(yes: string, no: string): Trait {
  return {
    said: (inRow) => (inRow >= 0.5 ? 1 : 0),
    row: (said) => said,
    tell: (said) => (said === 1 ? yes : no),
  };
}
