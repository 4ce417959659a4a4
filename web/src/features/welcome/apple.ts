/** Whether a page is put on the home screen by hand here: browsers of iPhones and iPads offer nothing by themselves. */
export function appleHint({ userAgent, maxTouchPoints }: Pick<Navigator, 'userAgent' | 'maxTouchPoints'>, installed: boolean): boolean {
  if (installed) return false;
  // An iPad says that it is a Mac; but no Mac has fingers on it.
  return /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}
