/** In which room somebody goes from hit to hit; '' in none. Here and not with the rest, as a room asks at once. */
class SearchBar {
  room = $state('');
}

export const searchBar = new SearchBar();
