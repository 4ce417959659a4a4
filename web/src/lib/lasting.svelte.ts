/**
 * Makes something that outlives the component that first asks for it. What is `$derived` in it would
 * otherwise belong to that component and stand still for ever once the component is gone.
 */
export function lasting<T>(make: () => T): T {
  let made: { it: T } | undefined;
  $effect.root(() => {
    made = { it: make() };
  });
  if (!made) throw new Error('an effect root runs at once');
  return made.it;
}
