/** THE table of exit statuses of the store commands. Their help and docs/durability.md are made from it. */
export const EXIT_STATUS = {
  sound: { code: 0, when: "it is done, and nothing is damaged" },
  damaged: { code: 1, when: "there is damage; what was found is said" },
  failed: { code: 2, when: "it could not be done, or not to its end: the reason is on stderr" },
} as const satisfies Readonly<Record<string, { readonly code: number; readonly when: string }>>;

export type Ending = keyof typeof EXIT_STATUS;
