import { languageOf, type Language } from '#lgsp/errors';

/** `?lang=` where it names a language of ours, else what the browser prefers. */
export function chosenLanguage(asked: unknown, acceptLanguage: string | undefined): Language {
  return asked === 'vi' || asked === 'en' ? asked : languageOf(acceptLanguage);
}
