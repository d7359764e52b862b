/** Figures of several rounds: the middle, how far the rounds are apart, and what may be said of two contenders. */

/** Fewest rounds of which a verdict is given. */
const roundsLeast = 5;
/** How sure it must be that the middle of many more rounds would lie in the interval that is told. */
const confidence = 0.93;

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value at a share of the sorted values (nearest rank). @param {readonly number[]} values @param {number} share 0 to 1 */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
}

/**
 * Half the distance between the tenth and the ninetieth percentile: of five to nine rounds, between the extremes; of more,
 * without them, so that measuring longer does not make a figure look worse.
 * @param {readonly number[]} values
 */
export const spread = (values) => (quantile(values, 0.9) - quantile(values, 0.1)) / 2;

/** As a share of the median. @param {readonly number[]} values */
export function relativeSpread(values) {
  const middle = median(values);
  return middle === 0 ? 0 : spread(values) / middle;
}

/**
 * Where the middle of many more such rounds lies, whatever the distribution: so many of the rounds lie on either side of it as
 * of a coin's throws (the interval of the sign test; of five rounds from the least to the greatest, of more rounds narrower).
 * @param {readonly number[]} values @returns {[least: number, greatest: number]}
 */
export function medianInterval(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const count = sorted.length;
  let left = 0;
  let term = 0.5 ** count; // That so many of the rounds, none at first, lie below the middle.
  for (let beyond = term; 2 * beyond <= 1 - confidence; beyond += term) {
    left++;
    term *= (count - left + 1) / left;
  }
  const first = Math.max(0, left - 1);
  return [sorted[first], sorted[count - 1 - first]];
}

/**
 * @typedef {object} Claim what a ratio shall show
 * @property {string} what
 * @property {readonly number[]} ratios one per round, of neighbours in time: what disturbs a round disturbs both
 * @property {number} [atMost]
 * @property {number} [atLeast]
 * @property {string} [doubt] why it decides nothing: calls that failed, a load generator that was late
 *
 * @typedef {{what: string, ratio: number, interval: [number, number], target: number,
 *   verdict: 'met' | 'missed' | 'more' | 'less' | 'none', why?: string}} Judgement
 */

/** Judges a ratio, or says why it is not judged. @param {Claim} claim @returns {Judgement} */
export function judge({ what, ratios, atMost, atLeast, doubt }) {
  const ratio = median(ratios);
  const interval = medianInterval(ratios);
  const target = atMost ?? atLeast ?? 1;
  const judgement = { what, ratio, interval, target };
  if (doubt !== undefined) return { ...judgement, verdict: 'none', why: doubt };
  if (ratios.length < roundsLeast) return { ...judgement, verdict: 'none', why: `fewer than ${roundsLeast} rounds` };
  if (interval[0] <= target && target <= interval[1]) {
    return {
      ...judgement,
      verdict: 'none',
      why: 'the spread is wider than the difference; more rounds make it narrower',
    };
  }
  if (atMost === undefined && atLeast === undefined) return { ...judgement, verdict: ratio > 1 ? 'more' : 'less' };
  return { ...judgement, verdict: (atMost === undefined ? ratio > target : ratio < target) ? 'met' : 'missed' };
}

/** @param {Claim} claim @param {Judgement} judgement */
export function sentence({ atMost, atLeast }, { what, ratio, interval, verdict, why }) {
  const wanted = atMost === undefined ? (atLeast === undefined ? '' : `, wanted ≥ ${atLeast}`) : `, wanted ≤ ${atMost}`;
  const [least, greatest] = interval.map((value) => value.toFixed(2));
  const figure = `${what}: ${ratio.toFixed(2)} (${least} to ${greatest})${wanted}`;
  if (verdict === 'none') return `${figure} — no verdict: ${why}`;
  return `${figure} — ${verdict}`;
}
