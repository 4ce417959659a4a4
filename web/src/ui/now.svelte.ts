/** The present to the minute and to the second, for words such as "Today" and for countdowns. */
class Now {
  minute = $state(Date.now());

  constructor() {
    setInterval(() => {
      this.minute = Date.now();
    }, 30_000);
  }
}

export const now = new Now();
