"""`python -m benchmarks [--quick] [name …]`: measure, and write RESULTS.md as each section is done."""

import argparse
import importlib
import signal
import sys
import time

from benchmarks import report


def main() -> int:
    """Measure what was asked for; exit code 1 if a name is unknown."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which sections: {', '.join(report.ORDER)}; all if none is named")
    parser.add_argument(
        "--quick", action="store_true", help="about a minute or two each; the sizes of the goals take about two hours"
    )
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that every part is ended
    if unknown := set(options.names) - set(report.ORDER):
        parser.error(f"there is no section {', '.join(sorted(unknown))}")
    for name in options.names or report.ORDER:
        began = time.monotonic()
        print(f"{name} …", flush=True)
        section = importlib.import_module(f"benchmarks.{name}").measure(quick=options.quick)
        report.write(name, section, time.monotonic() - began)
        print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
