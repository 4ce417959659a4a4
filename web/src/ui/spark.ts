/** The line of a small chart and the area below it, as SVG paths in a box of 100 by 100. */
export interface SparkPaths {
  line: string;
  area: string;
}

/** `max` 0 or less: the highest value. Nothing is drawn below 0, above `max`, or where a value is missing (null). */
export function sparkPaths(values: readonly (number | null)[], max = 0): SparkPaths {
  const top = max > 0 ? max : Math.max(1, ...values.map((value) => value ?? 0));
  const step = values.length > 1 ? 100 / (values.length - 1) : 0;
  const place = (at: number, value: number): string =>
    `${round(at * step)} ${round(100 - (Math.min(Math.max(value, 0), top) / top) * 100)}`;
  let line = '';
  let area = '';
  for (const [from, run] of runsOf(values)) {
    const points = run.map((value, at) => place(from + at, value));
    // A single value has no line yet; a short stroke says that it is there.
    line += `M${points.join('L')}${points.length === 1 ? 'h0.01' : ''}`;
    area += `M${round(from * step)} 100L${points.join('L')}V100Z`;
  }
  return { line, area };
}

/** Values without a hole between them, each with where it begins. */
function runsOf(values: readonly (number | null)[]): [from: number, run: number[]][] {
  const runs: [number, number[]][] = [];
  values.forEach((value, at) => {
    if (value === null) return;
    if (at === 0 || values[at - 1] === null) runs.push([at, []]);
    runs.at(-1)?.[1].push(value);
  });
  return runs;
}

const round = (value: number): number => Math.round(value * 100) / 100;
