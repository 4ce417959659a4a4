"""What was taken out of the index is gone from the disk once the index is written together."""

from appliance.features.search import store
from appliance.kernel.transaction import Reader, Tx

gather = store.gather


def unused(db: Reader, after: str, most: int) -> tuple[list[tuple[int, str]], str | None]:
    """(number, word) of those of the next `most` words that stand in no message any more, and the last word
    that was looked at, None at the end."""
    looked_at = store.words_after(db, after, most)
    gone = [(number, word) for number, word in looked_at if not store.is_used(db, word)]
    return gone, looked_at[-1][1] if len(looked_at) == most else None


def drop_unused(tx: Tx, words: list[tuple[int, str]]) -> None:
    """Drop those of them that are still unused."""
    for number, word in words:
        if not store.is_used(tx, word):
            store.drop_word(tx, number, word)
