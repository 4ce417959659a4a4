/** The menu of a message with all that parts of the app offer in it: one import each. */
import '../credits/offers';
import '../moderation/offers';
import './quoting';
export { actionsOf } from './actions';
