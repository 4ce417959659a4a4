/** The words of a message; null for a deleted one, and for what says nothing. */
export const textIn = (content: { type: string; text?: string } | null | undefined): string | null => content?.text ?? null;
