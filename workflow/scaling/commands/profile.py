"""Where the time of a run went, from its sidecars and Snakemake's benchmark files.

By stage, and by entry for those that took longest: jobs, seconds on the clock, seconds of the processor (with all child
processes), of that the start of Python and its imports, the longest job, and the share of the critical path, which is
the longest chain of jobs that wait for each other. The clock depends on what else the machine did, the processor less.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

import pandas as pd

from scaling import provenance
from scaling.page import time_profile


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("results", type=Path, metavar="results/SIZE", help="folder of the results of a size")
    parser.add_argument("--entries", type=int, default=20, metavar="N", help="how many entries to list (default: 20)")


def run(options: Namespace) -> int:
    """Print both tables. Raises ValueError for a folder without results, and for a number of entries below 0."""
    if options.entries < 0:
        raise ValueError(f"--entries: found {options.entries}; allowed: an integer ≥ 0")
    sidecars = sorted(options.results.rglob(f"*{provenance.SIDECAR}"))
    if not sidecars:
        raise ValueError(f"{options.results}: found no result with a sidecar; allowed: results/smoke, laptop or paper")
    walls = time_profile.measured_walls(options.results / "benchmarks")
    records = [provenance.read_sidecar(path) for path in sidecars]
    jobs = [time_profile.job(record, walls) for record in records if "seconds" in record]
    chain = [jobs[place] for place in time_profile.longest_chain(jobs)]
    entries = time_profile.profile(jobs)
    stages = entries.groupby("stage")[["jobs", "wall", "cpu", "startup", "path"]].sum(min_count=1)
    stages = stages.assign(longest=entries.groupby("stage")["longest"].max()).sort_values("wall", ascending=False)
    print(_text(pd.concat([stages, _total(stages)])))
    print(f"\ncritical path: {sum(each.wall for each in chain):.0f} s in {len(chain)} jobs")
    print(*(f"  {each.wall:7.1f} s  {each.stage} {each.entry}".rstrip() for each in chain), sep="\n")
    if options.entries:
        print("\n" + _text(entries.head(options.entries).set_index(["stage", "entry"])))
    return 0


def _total(stages: pd.DataFrame) -> pd.DataFrame:
    whole = stages.drop(columns="longest").sum(min_count=1)
    return pd.DataFrame([{**whole, "longest": stages["longest"].max()}], index=["all"])


def _text(table: pd.DataFrame) -> str:
    shown = table.assign(
        jobs=table["jobs"].astype(int),
        path=(100 * table["path"]).map("{:.0f}%".format),
        **{name: table[name].map("{:.1f}".format) for name in ("wall", "cpu", "startup", "longest")},
    )[["jobs", "wall", "cpu", "startup", "longest", "path"]]
    names = {"wall": "wall s", "cpu": "CPU s", "startup": "start-up s", "longest": "longest s", "path": "critical path"}
    return shown.rename(columns=names).replace("nan", "").to_string()
