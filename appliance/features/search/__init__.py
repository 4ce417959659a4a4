"""Search: which messages hold which words, and what somebody who looks for something may be shown of that.

Tables: search_state, search_keys, search_places, search_index, search_words, search_parts. Events sent: none.
Events heard: none. It keeps no text: what there is to read comes from whoever keeps the messages.
"""
