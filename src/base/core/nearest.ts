import { closestMatch } from 'leven';

/** The candidate within three edits (Levenshtein) of `name`, whatever the case of its letters: for "did you mean". */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const lower = closestMatch(
    name.toLowerCase(),
    candidates.map((candidate) => candidate.toLowerCase()),
    { maxDistance: 3 },
  );
  return candidates.find((candidate) => candidate.toLowerCase() === lower);
}
