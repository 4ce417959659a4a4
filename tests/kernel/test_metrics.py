from appliance.kernel.metrics import Metrics


def rendered(metrics: Metrics) -> dict[str, float]:
    """Each sample of the scrape."""
    lines = metrics.render().decode().splitlines()
    return {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in lines if not line.startswith("#"))
    }


def test_every_number_is_scraped() -> None:
    metrics = Metrics()
    metrics.sockets.read = lambda: 3
    metrics.jobs.value = 2
    metrics.messages.value += 1
    metrics.deliveries.value += 500
    metrics.errors.add("not_found")
    metrics.errors.add("not_found")
    metrics.commit(16, 0.0007)
    scraped = rendered(metrics)
    assert scraped["safevoice_sockets"] == 3
    assert scraped["safevoice_jobs"] == 2
    assert scraped["safevoice_messages_total"] == 1
    assert scraped["safevoice_deliveries_total"] == 500
    assert scraped['safevoice_errors_total{code="not_found"}'] == 2
    assert scraped["safevoice_commit_units_sum"] == 16
    assert scraped['safevoice_commit_seconds_bucket{le="0.0005"}'] == 0
    assert scraped['safevoice_commit_seconds_bucket{le="0.001"}'] == 1
    assert scraped["safevoice_overflows_total"] == 0
    assert scraped["safevoice_writer_queue"] == 0
    assert scraped["process_resident_memory_bytes"] > 0


def test_buckets_count_what_is_at_most_their_bound() -> None:
    metrics = Metrics()
    metrics.ack.observe(0.001)
    metrics.ack.observe(0.0011)
    metrics.ack.observe(60, times=2)
    scraped = rendered(metrics)
    assert scraped['safevoice_ack_seconds_bucket{le="0.001"}'] == 1
    assert scraped['safevoice_ack_seconds_bucket{le="0.0025"}'] == 2
    assert scraped['safevoice_ack_seconds_bucket{le="10.0"}'] == 2
    assert scraped['safevoice_ack_seconds_bucket{le="+Inf"}'] == 4
    assert scraped["safevoice_ack_seconds_count"] == 4


def test_two_servers_in_one_process_do_not_share_numbers() -> None:
    one, other = Metrics(), Metrics()
    one.messages.value += 1
    one.render()
    assert rendered(other)["safevoice_messages_total"] == 0
