import { pythonHas } from './python.ts';

/**
 * Whether something of this machine is missing that a test needs, so that the test is skipped: for `test.skipIf`.
 * Under `KOREX_REQUIRE_ALL=1` that is an error instead, so that no check of a release is left out unseen.
 */
export function lacks(what: string, isThere: boolean): boolean {
  if (isThere) return false;
  if (process.env.KOREX_REQUIRE_ALL === '1')
    throw new Error(`This test needs ${what}, which is not here, and KOREX_REQUIRE_ALL=1 allows no skips.`);
  return true;
}

export const lacksPython = (...packages: readonly string[]): boolean =>
  lacks(['python3', ...packages].join(' with '), pythonHas(...packages));

/** A folder of official files that an environment variable names, such as `KOREX_KLUE_DIR`. */
export const lacksFolder = (...variables: readonly string[]): boolean =>
  lacks(
    `folders in ${variables.join(' and ')}`,
    variables.every((name) => process.env[name]),
  );

/** For tests that take minutes and hundreds of megabytes of packages: whether a variable of the environment does not ask for them. */
export const isNotAskedFor = (variable: string): boolean => process.env[variable] !== '1';
