"""Run emulated appliances until SIGTERM: ``python -m punchdown.lab.emulated --spec FILE.json --host 10.20.99.11``."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from punchdown.lab.emulated.fleet import Fleet
from punchdown.lab.emulated.spec import ScaledClock, read_specs


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and serve. Exit code 2 on a bad specification."""
    parser = argparse.ArgumentParser(prog="punchdown.lab.emulated", description="emulated appliances over SSH")
    parser.add_argument("--spec", type=Path, required=True, help="JSON: one appliance or a list of them")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="first port; 0 = any free ones")
    parser.add_argument("--state", type=Path, help="file that keeps flash and host keys between runs")
    parser.add_argument("--known-hosts", type=Path, help="file to write host key lines to")
    parser.add_argument("--time-scale", type=float, default=1.0, help="how much faster the appliances' clock runs")
    options = parser.parse_args(arguments)
    try:
        asyncio.run(_serve(options))
    except (ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


async def _serve(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    fleet = Fleet(ScaledClock(options.time_scale))
    saved = json.loads(options.state.read_text()) if options.state and options.state.exists() else {}
    ports = await fleet.start(read_specs(options.spec.read_text()), options.host, options.port, saved=saved)
    if options.known_hosts:
        options.known_hosts.write_text(fleet.known_hosts())
    sys.stdout.write("ready " + json.dumps(ports) + "\n")
    sys.stdout.flush()
    while not stop.is_set():
        _keep(fleet, options.state)
        try:
            await asyncio.wait_for(stop.wait(), 0.5)
        except TimeoutError:
            for box in fleet.appliances.values():
                box.tick()
    _keep(fleet, options.state)
    await fleet.stop()


def _keep(fleet: Fleet, path: Path | None) -> None:
    """Write what the appliances keep without power, when it changed; readable by the owner only."""
    if path is None:
        return
    text = json.dumps(fleet.nonvolatile())
    if path.exists() and path.read_text() == text:
        return
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main())
