import { errorTable, type Language, type Text } from '#lgsp/errors';
import { html, type Markup } from '../reports/page/markup';
import { dayWord } from '../reports/report.words';
import type { Part } from '../health/readiness';
import type { ConnectionStatus, Status } from './status.board';
import { statusStyle } from './status.style';
import { faultWords, overallWords, pageWords, partWords, reasonWords, stateWords } from './status.words';

const renewSeconds = 15;

/** The status as a page: every connection, its state, since when, and the class of its last error. Without a script. */
export function statusPage(status: Status, names: ReadonlyMap<string, Text>, language: Language): string {
  const other = language === 'vi' ? 'en' : 'vi';
  const word = (name: keyof typeof pageWords): string => pageWords[name][language];
  const heading = overallWords[status.status][language];
  const rows = status.connections.map((connection) => row(connection, names, status.at, language));
  const head = html`<tr>
    <th>${word('system')}</th>
    <th>${word('state')}</th>
    <th>${word('since')}</th>
    <th>${word('lastError')}</th>
    <th class="number">${word('inFlight')}</th>
  </tr>`;
  const table = html`<table>
    <thead>
      ${head}
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
  const parts = Object.entries(status.parts).map(([name, part]) => partItem(name, part, language));
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="${renewSeconds}" />
        <title>${heading} · ${word('heading')}</title>
        <link rel="icon" href="data:," />
        <style></style>
      </head>
      <body>
        <header>
          <p>${word('heading')}</p>
          <a href="?lang=${other}" lang="${other}" hreflang="${other}">${word('other')}</a>
        </header>
        <main>
          <h1 class="${status.status}">${heading}</h1>
          <p class="at">${moment(status.at)}</p>
          <h2>${word('connections')}</h2>
          ${rows.length > 0 ? table : html`<p>${word('nothing')}</p>`}
          <h2>${word('gateway')}</h2>
          <ul>
            ${parts}
          </ul>
          <p class="note">${word('note')}</p>
        </main>
      </body>
    </html>`;
  // The style is our own text, whose hash the policy names: it stands as it is.
  return page.text.replace('<style></style>', () => `<style>${statusStyle}</style>`);
}

function row(connection: ConnectionStatus, names: ReadonlyMap<string, Text>, at: string, language: Language): Markup {
  const { system, state, reason, since, inFlight, lastError } = connection;
  const name = (of: keyof typeof pageWords): string => pageWords[of][language];
  const error = lastError
    ? html`<div>
        <code>${lastError.code}</code>
        <small>${errorTable[lastError.code].title[language]} (${faultWords[lastError.fault][language]})</small>
        <small>${moment(lastError.at)} · ${spell(lastError.at, at, 'ago', language)}</small>
      </div>`
    : html`${name('none')}`;
  return html`<tr id="${system}">
    <td><code>${system}</code><small>${names.get(system)?.[language] ?? ''}</small></td>
    <td data-name="${name('state')}">
      <div>
        <span class="mark ${state}">${stateWords[state][language]}</span>
        ${reason && html`<small>${reasonWords[reason][language]}</small>`}
      </div>
    </td>
    <td data-name="${name('since')}">
      <div>${moment(since)}<small>${spell(since, at, 'so far', language)}</small></div>
    </td>
    <td data-name="${name('lastError')}">${error}</td>
    <td data-name="${name('inFlight')}" class="number">${inFlight}</td>
  </tr>`;
}

function partItem(name: string, { status }: Part, language: Language): Markup {
  const words = partWords[name] ?? { name: { en: name, vi: name }, sick: { en: '', vi: '' } };
  return html`<li>
    <span class="mark ${status}">${words.name[language]}</span>
    <small>${status === 'up' ? stateWords.up[language] : words.sick[language]}</small>
  </li>`;
}

/** `2026-11-25T10:15:00+07:00` → `25/11/2026 10:15:00`, as both languages read it here. */
const moment = (at: string): Markup =>
  html`<time datetime="${at}">${dayWord(at.slice(0, 10))} ${at.slice(11, 19)}</time>`;

const steps = [
  [86_400, { en: 'd', vi: 'ngày' }],
  [3_600, { en: 'h', vi: 'giờ' }],
  [60, { en: 'min', vi: 'phút' }],
  [1, { en: 's', vi: 'giây' }],
] as const;

/** 13 s ago, or for 13 s so far, in the largest whole unit. */
function spell(from: string, to: string, kind: 'ago' | 'so far', language: Language): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1_000));
  const [size, unit] = steps.find(([step]) => seconds >= step) ?? steps[3];
  const length = `${Math.floor(seconds / size)} ${unit[language]}`;
  if (kind === 'ago') return language === 'vi' ? `${length} trước` : `${length} ago`;
  return language === 'vi' ? `đã ${length}` : `for ${length}`;
}
