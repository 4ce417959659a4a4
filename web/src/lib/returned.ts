/** What came of going to another site to sign in there; for the page that is shown next, in this tab. */
let told = '';

export function keepReturned(outcome: string): void {
  told = outcome;
}

/** '' when nobody came back. Asking again finds nothing. */
export function takeReturned(): string {
  const kept = told;
  told = '';
  return kept;
}
