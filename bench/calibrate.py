"""Show what the load client can take, against the fastest sender that Python allows."""

from bench.plan import Samples
from bench.scenarios import Load, run
from bench.subjects import DEFAULT_FRAME_BYTES, Subject


def calibrate(sockets: int) -> Samples:
    """One run against `bench.bare`; under half a minute."""
    samples = Samples()
    load = Load(sockets, 40, 5.0, idle_s=1, storm=False)
    samples.runs["steady", sockets, "bare"].append(run(Subject("bare"), load, DEFAULT_FRAME_BYTES))
    return samples


def describe(samples: Samples, sockets: int) -> str:
    def of(figure: str) -> float:
        return samples.values("steady", sockets, "bare", figure)[0]

    return "\n".join((
        f"bare epoll sender, {sockets} sockets:",
        f"  deliveries per second, burst      {of('burst_per_s'):10.0f}",
        f"  its CPU per delivery, steady      {of('cpu_us'):10.1f} us",
        f"  its CPU per delivery, burst       {of('burst_cpu_gross_us'):10.1f} us",
        f"  client's CPU per delivery, steady {of('client_us'):10.1f} us",
        f"  client's CPU per delivery, burst  {of('burst_client_us'):10.1f} us",
        f"  client's core idle, burst         {of('burst_client_idle'):10.0f} %",
        f"  last socket p50                   {of('last_p50_ms'):10.1f} ms",
        f"  last socket p99                   {of('last_p99_ms'):10.1f} ms",
    ))  # fmt: skip
