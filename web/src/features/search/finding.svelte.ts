/** In which room somebody is looking for something; '' in none. Here and not with the rest, as a room asks at once. */
class Finding {
  room = $state('');
}

export const finding = new Finding();
