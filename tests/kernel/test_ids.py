"""Ids sort by time, and a time has a first id."""

from hypothesis import given
from hypothesis import strategies as st

from appliance.kernel.ids import first_id, new_id

MOMENTS = st.integers(1, 2**47)


@given(MOMENTS)
def test_the_first_id_of_a_moment_is_below_all_made_then_and_above_all_made_before(now: int) -> None:
    assert new_id(now - 1) < first_id(now) <= new_id(now)
    assert len(first_id(now)) == len(new_id(now)) == 26
