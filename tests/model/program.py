"""Programs: which steps there are, how often, and how a program is played."""

from hypothesis import strategies as st

from tests.model.faults import (
    Absence,
    Ask,
    Back,
    BackDuring,
    Cut,
    Deafen,
    Enrol,
    Forget,
    Open,
    ReadLate,
    Restart,
    Revoke,
    Save,
)
from tests.model.stage import Stage
from tests.model.steps import (
    Archive,
    Aside,
    Bring,
    Delete,
    Dm,
    Edit,
    Go,
    Interlude,
    Make,
    Post,
    Read,
    Repeat,
    Rule,
    Step,
    Type,
    View,
)

_device = st.integers(0, 5)
_small = st.integers(0, 4)
_flags = st.booleans()
_names = st.lists(st.integers(0, 3), max_size=3).map(tuple)

_common: st.SearchStrategy[Step] = st.one_of(
    st.builds(Post, _device, _small, st.none() | _small),
    st.builds(Post, _device, _small, st.none(), st.integers(2, 12)),
    st.builds(Post, _device, _small, st.none(), st.just(1), _names, _flags),
    st.builds(Edit, _device, st.integers(0, 9), _names),
    st.builds(Delete, _device, st.integers(0, 9)),
    st.builds(Go, _device, st.sampled_from(("join", "leave")), _small),
    st.builds(Bring, _device, st.sampled_from(("add_member", "remove_member")), _small, st.integers(0, 3)),
    st.builds(Interlude, _small, _small, st.integers(1, 3)),
    st.builds(
        Rule,
        _device,
        st.sampled_from(("moderator", "member", "owner", "mute", "unmute", "unmute")),
        _small,
        st.integers(0, 3),
    ),
    st.builds(Read, _device, _small, st.integers(-1, 6)),
    st.builds(Aside, _device, _small),
    st.builds(Open, _device, _small, _flags),
)
_changes: st.SearchStrategy[Step] = st.one_of(
    st.builds(Post, _device, _small, st.none(), st.integers(1, 5)),
    st.builds(Delete, _device, st.integers(0, 9)),
    st.builds(Go, _device, st.sampled_from(("join", "leave")), _small),
    st.builds(Bring, _device, st.sampled_from(("add_member", "remove_member")), _small, st.integers(0, 3)),
)
_network: st.SearchStrategy[Step] = st.one_of(
    st.builds(
        Cut,
        _device,
        st.sampled_from(
            ("at once", "answers lost", "by the server", "by the server, unheard", "server aborts")
        ),
    ),
    st.builds(Back, _device),
    st.builds(Absence, _device, _small, _device, st.integers(7, 10)),
    st.builds(BackDuring, _device, _changes),
    st.builds(Deafen, _device, st.integers(1, 3)),
    st.builds(Ask, _device),
    st.builds(ReadLate, _flags),
    st.builds(Save, _device),
    st.builds(Forget, _device, _flags),
    st.builds(Repeat, st.integers(0, 20), _flags),
    st.builds(View, _device, _small),
    st.builds(Type, _device, _small),
)
_rare: st.SearchStrategy[Step] = st.one_of(
    st.builds(Make, _device, st.sampled_from(("public", "private")), st.sampled_from(("all", "joined"))),
    st.builds(Dm, _device, st.integers(0, 3)),
    st.builds(Dm, _device, st.integers(0, 3)),
    st.builds(Archive, _device, _small, st.sampled_from((True, False, False))),
    st.builds(Restart, st.sampled_from((True, True, False)), _flags),
    st.builds(Enrol, st.integers(0, 3)),
    st.builds(Revoke, _device),
)

Program = list[list[Step]]
"""Scenes: what is in one happens at once, as far as the network lets it; between two all comes to rest."""

BEGINNING: Program = [
    [Make(0, "public", "all"), Make(2, "private", "joined"), Make(0, "public", "joined")],
    [
        Bring(0, "add_member", 0, 1),
        Bring(2, "add_member", 1, 0),
        Bring(0, "add_member", 2, 1),
        Post(0, 0),
        Post(2, 1),
        Post(0, 2),
    ],
]
"""What every program begins with, so that a short one has something to work on."""


def programs(scenes: int) -> st.SearchStrategy[Program]:
    """Programs of `scenes` scenes, some of them empty; common steps more often than rare ones."""
    kinds = (_common, _common, _common, _network, _network, _rare)
    scene = st.lists(st.sampled_from(kinds).flatmap(lambda kind: kind), max_size=8)
    return st.lists(scene, min_size=scenes // 2, max_size=scenes)


async def play(stage: Stage, program: Program) -> None:
    """Play a program on new people, then bring everybody online and let all of it come to rest."""
    await stage.cast()
    for scene in (*BEGINNING, *program):
        for step in scene:
            await step.play(stage)
        await stage.settle()
    for device in stage.devices:
        if device.missed:
            # What was lost last leaves no gap to be seen by; the next connection heals it.
            device.cut()
        await device.connect(stage.server)
        device.deaf = 0
    await stage.settle()
