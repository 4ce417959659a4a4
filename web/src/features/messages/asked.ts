import { Signal } from '../../lib/signal';

/** What is asked of the conversation on screen from elsewhere: to show its newest messages, or to scroll by a screen. */
export const asked = new Signal<'newest' | 'PageUp' | 'PageDown'>();
