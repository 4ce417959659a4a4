/** The menu of a message with all that parts of the app offer in it: one import each. */
import '../credits/offers';
import '../moderation/offers';
export { actionsOf } from './actions';
