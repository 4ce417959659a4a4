import { mount } from 'svelte';
import App from './app/App.svelte';
import { router } from './app/router.svelte';
import './app/tokens.css';
import './app/base.css';
import './app/motion.css';
import './app/forced.css';
import { session } from './features/auth/session.svelte';
import { ready } from './lib/i18n';
import { firstSight } from './lib/sight';
import { wearHeld } from './lib/wear';
import { drawn } from './ui/drawn.svelte';
import { theme } from './ui/theme.svelte';
import { toasts } from './ui/toasts.svelte';

theme.start();
wearHeld();
router.start();
void session.start();

// iOS lays its keyboard over the page; the page then has to give way by itself.
const viewport = window.visualViewport;
viewport?.addEventListener('resize', () => {
  const covered = window.innerHeight - viewport.height > 80;
  if (covered) document.documentElement.style.setProperty('--height', `${viewport.height}px`);
  else document.documentElement.style.removeProperty('--height');
});
window.addEventListener('pagehide', () => toasts.settle());

// What later pages draw with comes before one goes there, and after what one looks at now.
void firstSight.then(() => drawn.fetch());

const show = () => mount(App, { target: document.getElementById('app') ?? document.body });
if (ready) void ready.then(show);
else show();
