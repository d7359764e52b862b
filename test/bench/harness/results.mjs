/** What a scene found: on the terminal, and as files for programs and for the documents. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { places } from '../../../deploy/local/places.mjs';
import { judge, sentence } from './statistics.mjs';

/**
 * @typedef {object} Results
 * @property {readonly import('./subjects.mjs').Subject[]} [subjects]
 * @property {{title: string, text: string}[]} tables
 * @property {import('./statistics.mjs').Claim[]} [claims]
 * @property {string[]} [failures] what must not be, beside missed claims
 * @property {string[]} [notes] what else is to be said: conditions, estimates on paper
 * @property {Record<string, string>} [charts] SVG by name
 * @property {unknown} [figures] what is not in the subjects
 */

/**
 * Prints and writes what a scene found.
 * @param {string} scene @param {import('./lab.mjs').Lab} lab @param {Results} results
 * @returns {boolean} whether no call failed and no claim was missed
 */
export function tell(
  scene,
  { options, machine, say },
  { subjects = [], tables, claims = [], notes = [], charts = {}, figures, failures = [] },
) {
  const judgements = claims.map((claim) => ({ claim, judgement: judge(claim) }));
  const sentences = judgements.map(({ claim, judgement }) => `- ${sentence(claim, judgement)}`);
  const text = [
    ...tables.map(({ title, text: rows }) => `## ${title}\n\n${rows}`),
    ...(sentences.length > 0 ? [`## What it shows\n\n${sentences.join('\n')}`] : []),
    ...notes,
    ...failures.map((failure) => `**${failure}**`),
  ].join('\n\n');
  say(`\n${text}\n`);

  const folder = resolve(options.out ?? join(places.local, 'bench/results'));
  mkdirSync(folder, { recursive: true });
  const rounds = subjects.map(({ name, labels, rounds: list }) => ({ name, labels, rounds: list }));
  const whole = {
    scene,
    at: new Date().toISOString(),
    machine,
    options,
    subjects: rounds,
    judgements: judgements.map(({ judgement }) => judgement),
    notes,
    failures,
    figures,
  };
  writeFileSync(join(folder, `${scene}.json`), `${JSON.stringify(whole, null, 2)}\n`);
  writeFileSync(join(folder, `${scene}.md`), `# ${scene}\n\n${text}\n`);
  for (const [name, svg] of Object.entries(charts)) writeFileSync(join(folder, `${scene}-${name}.svg`), svg);
  say(
    `written: ${join(folder, scene)}.{json,md}${Object.keys(charts)
      .map((name) => `, ${scene}-${name}.svg`)
      .join('')}`,
  );

  const failed = subjects.some(({ rounds: list }) => list.some(({ errors }) => errors > 0));
  return !failed && failures.length === 0 && judgements.every(({ judgement: { verdict } }) => verdict !== 'missed');
}
