/** The account whose voice the staff has in support conversations: no person, so there is nothing to know of it or to
 * do with it. Nobody else's name can be made of their id. */
export function isDesk(person: { id: string; name: string } | undefined): boolean {
  return !!person && person.name === `desk-${person.id}`;
}
