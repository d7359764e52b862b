/** Counts of one transaction beside those that are recorded. */
import { median, relativeSpread } from './statistics.mjs';

/**
 * @param {Record<string, number[]>} counts of one or several runs, by name
 * @param {Record<string, number>} recorded
 * @param {number} growthAtMost as a share
 */
export function compareCounts(counts, recorded, growthAtMost) {
  const rows = Object.entries(counts).map(([name, values]) => {
    const now = Number(median(values).toFixed(2));
    const before = recorded[name];
    const spread = values.length > 1 ? relativeSpread(values) : undefined;
    return { name, now, spread, before, growth: before === undefined ? undefined : now / before - 1 };
  });
  const beyond = (/** @type {(growth: number) => boolean} */ is) =>
    rows.filter(({ growth }) => growth !== undefined && is(growth)).map(({ name }) => name);
  return {
    rows,
    dearer: beyond((growth) => growth > growthAtMost),
    cheaper: beyond((growth) => growth < -growthAtMost),
  };
}
