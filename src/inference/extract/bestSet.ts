/** What a unit may be decided to be: its worth, and which counted resources it uses up. */
export interface Choice {
  readonly worth: number;
  /** Names of what is limited, each used once. */
  readonly uses: readonly string[];
}

/**
 * The choice of each unit, one per unit, whose worth adds up to most while no resource is used more often than its limit
 * allows. Exact, by branch and bound over units that share a resource; units that share none are chosen by themselves.
 *
 * @param units choices of each, one of which uses nothing, so that there is always a solution
 * @returns the index of the choice of each unit
 */
export function bestSet(units: readonly (readonly Choice[])[], limitOf: (resource: string) => number): number[] {
  const chosen = units.map((choices) => best(choices));
  for (const component of contested(units, chosen, limitOf))
    for (const [unit, choice] of branchAndBound(component, units, limitOf)) chosen[unit] = choice;
  return chosen;
}

const best = (choices: readonly Choice[]): number =>
  choices.reduce((at, { worth }, index) => (worth > choices[at]!.worth ? index : at), 0);

/** Groups of units that share resources, as far as some resource would be overused. */
function contested(
  units: readonly (readonly Choice[])[],
  chosen: readonly number[],
  limitOf: (resource: string) => number,
): number[][] {
  const counts = new Map<string, number>();
  for (const [unit, choice] of chosen.entries())
    for (const resource of units[unit]![choice]!.uses) counts.set(resource, (counts.get(resource) ?? 0) + 1);
  const overused = [...counts].flatMap(([resource, count]) => (count > limitOf(resource) ? [resource] : []));
  const users = new Map<string, number[]>();
  for (const [unit, choices] of units.entries())
    for (const resource of new Set(choices.flatMap(({ uses }) => uses)))
      users.set(resource, [...(users.get(resource) ?? []), unit]);
  const groups: number[][] = [];
  const seen = new Set<number>();
  for (const start of overused) {
    const group: number[] = [];
    const waiting = [...users.get(start)!];
    for (let unit = waiting.pop(); unit !== undefined; unit = waiting.pop()) {
      if (seen.has(unit)) continue;
      seen.add(unit);
      group.push(unit);
      for (const { uses } of units[unit]!) for (const resource of uses) waiting.push(...users.get(resource)!);
    }
    if (group.length > 0) groups.push(group);
  }
  return groups;
}

function branchAndBound(
  group: readonly number[],
  units: readonly (readonly Choice[])[],
  limitOf: (resource: string) => number,
): Map<number, number> {
  const order = group.toSorted((a, b) => units[b]![best(units[b]!)]!.worth - units[a]![best(units[a]!)]!.worth);
  // What the units from each place on are worth at most, if no resource were limited.
  const bounds = new Array<number>(order.length + 1).fill(0);
  for (let at = order.length - 1; at >= 0; at--)
    bounds[at] = bounds[at + 1]! + Math.max(...units[order[at]!]!.map(({ worth }) => worth));
  const used = new Map<string, number>();
  const current: number[] = [];
  let [top, solution] = [Number.NEGATIVE_INFINITY, [] as number[]];
  const visit = (at: number, worth: number): void => {
    if (worth + bounds[at]! <= top) return;
    if (at === order.length) {
      [top, solution] = [worth, [...current]];
      return;
    }
    const choices = units[order[at]!]!;
    const ranked = [...choices.keys()].sort((a, b) => choices[b]!.worth - choices[a]!.worth);
    for (const index of ranked) {
      const { worth: gain, uses } = choices[index]!;
      if (uses.some((resource) => (used.get(resource) ?? 0) >= limitOf(resource))) continue;
      for (const resource of uses) used.set(resource, (used.get(resource) ?? 0) + 1);
      current.push(index);
      visit(at + 1, worth + gain);
      current.pop();
      for (const resource of uses) used.set(resource, used.get(resource)! - 1);
    }
  };
  visit(0, 0);
  return new Map(order.map((unit, at) => [unit, solution[at]!]));
}
