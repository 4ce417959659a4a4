/** The community in what a browser shows around the page: its tab, and the icon on a home screen. */

const OWL = { tab: '/icon.svg', dotted: '/icon-new.svg', touch: '/apple-touch-icon.png' };
const SIDE = 64;
/** As in icon-new.svg; a canvas knows no custom properties. */
const AMBER = '#ffb648';

const link = (rel: string): HTMLLinkElement | null => document.querySelector(`link[rel="${rel}"]`);

function point(rel: string, href: string): void {
  const found = link(rel);
  if (found && found.getAttribute('href') !== href) found.setAttribute('href', href);
}

/** `logo`: its id; '' for the house's own. */
export function dressHead(name: string, logo: string): void {
  point('apple-touch-icon', logo ? `/api/logo/${logo}/small` : OWL.touch);
  document.querySelector('meta[name="apple-mobile-web-app-title"]')?.setAttribute('content', name);
  void showInTab(logo, dotted);
}

let dotted = false;
let wanted = '';

/** `news`: with a dot on it. */
export async function showInTab(logo: string, news: boolean): Promise<void> {
  dotted = news;
  const asked = `${logo} ${news}`;
  wanted = asked;
  const plain = logo ? `/api/logo/${logo}/tab` : OWL.tab;
  const href = !news ? plain : logo ? await withDot(plain).catch(() => plain) : OWL.dotted;
  if (wanted !== asked) return;
  link('icon')?.setAttribute('type', logo ? 'image/png' : 'image/svg+xml');
  point('icon', href);
}

/** The image at `address` with a dot in its corner, as a `data:` address. */
async function withDot(address: string): Promise<string> {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIDE;
  const pen = canvas.getContext('2d');
  if (!pen) return address;
  pen.drawImage(image, 0, 0, SIDE, SIDE);
  const round = (radius: number): void => {
    pen.beginPath();
    pen.arc(SIDE - 15, 15, radius, 0, 2 * Math.PI);
    pen.fill();
  };
  // A gap around it tells the dot from a mark of its own colour.
  pen.globalCompositeOperation = 'destination-out';
  round(19);
  pen.globalCompositeOperation = 'source-over';
  pen.fillStyle = AMBER;
  round(14);
  return canvas.toDataURL();
}
