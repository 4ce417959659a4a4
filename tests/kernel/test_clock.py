from appliance.kernel.clock import HandClock, RisingClock


def test_wall_time_stands_still_while_the_machines_clock_is_behind() -> None:
    machine = HandClock(1_000)
    clock = RisingClock(machine)
    assert clock.now_ms() == 1_000
    machine.set_wall(400)
    assert clock.now_ms() == 1_000
    machine.advance(0.7)
    assert clock.now_ms() == 1_100


def test_a_restart_does_not_go_back_behind_what_is_stored() -> None:
    assert RisingClock(HandClock(1_000), not_before_ms=5_000).now_ms() == 5_000


def test_waiting_times_do_not_care_about_the_wall_clock() -> None:
    machine = HandClock()
    clock = RisingClock(machine)
    machine.set_wall(0)
    machine.advance(2)
    assert clock.monotonic() == 2
