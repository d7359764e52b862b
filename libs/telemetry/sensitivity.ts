/**
 * What an operation's bodies hold, by the Personal Data Protection Law 91/2025/QH15: nothing about a person
 * (`public`), basic personal data (`personal`), or sensitive data such as criminal or health records (`confidential`).
 */
export const sensitivities = ['public', 'personal', 'confidential'] as const;
export type Sensitivity = (typeof sensitivities)[number];
