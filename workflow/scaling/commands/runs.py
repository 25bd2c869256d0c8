"""Fit laws of parameters and tokens to runs of your own: a table with loss and two of N, D and C.

Into the folder of the results go the parameters with intervals, the best sizes for budgets by three approaches, the
runs to make next, figures, and what to be careful about.
"""

import math
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from scaling.curves.tabular.run_table import RunTable
    from scaling.fitting.runs import RunsFit

LAWS = ("chinchilla", "equal_exponents", "kaplan", "data_constrained", "broken_parameters", "broken_tokens")
ROLES = ("parameters", "tokens", "operations", "loss", "unique")
APPROACH_RESAMPLES = 200
MOST_NAMED = 8
MOST_ODD = 1 / 3  # of the runs: with more of them the law is doubted, not the runs


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("runs", type=Path, metavar="RUNS.csv", help="table of runs: loss and two of N, D and C")
    parser.add_argument("--law", default="chinchilla", choices=LAWS, help="law to fit (default: chinchilla)")
    for role in ROLES:
        parser.add_argument(f"--{role}", metavar="COLUMN", help=f"column of {role}, where its name is unusual")
    parser.add_argument("--decimal", choices=["point", "comma"], help="what stands before decimals")
    parser.add_argument(
        "--flops-per-token-parameter", type=float, metavar="K", help="C = K N D (default: 6, or what the table has)"
    )
    parser.add_argument("--asymmetric", type=float, default=1.0, metavar="K", help="overestimates count K times")
    parser.add_argument("--budget", type=float, nargs="+", default=[], metavar="C", help="budgets to plan, in FLOP")
    parser.add_argument("--next", type=int, metavar="K", help="propose K runs that narrow the loss at the last budget")
    parser.add_argument("--cost-limit", type=float, metavar="C", help="of the proposed runs together, in FLOP")
    parser.add_argument("--level", type=float, default=0.9, help="coverage of the intervals (default: 0.9)")
    parser.add_argument("--resamples", type=int, default=500, help="fits to resampled runs (default: 500)")
    parser.add_argument("--seed", type=int, default=0, help="of the resampling")
    parser.add_argument(
        "--without-odd-runs", action="store_true", help="leave out runs far from the law, and fit again"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the results")


def run(options: Namespace) -> int:
    """Read, fit, plan, draw and write; prints what a decision rests on."""
    from scaling.commands import _runs_figure
    from scaling.curves.tabular.run_table import read_runs
    from scaling.fitting.runs import design
    from scaling.fitting.runs.odd_runs import odd_runs

    _check(options)
    columns = {role: getattr(options, role) for role in ROLES if getattr(options, role)}
    table = read_runs(options.runs, columns, options.flops_per_token_parameter, options.decimal)
    fit = _fit(table, options)
    odd = odd_runs(fit)
    lines = _named(table, fit, odd, options)
    if options.without_odd_runs and 0 < len(odd) <= MOST_ODD * len(table.loss):
        table = _without(table, odd)
        fit, odd = _fit(table, options), odd[:0]
    lines = [*fit.warnings, *lines]
    if options.next and not fit.identified:
        lines.append("no runs are proposed: they would narrow the loss at a best size, and there is none")
    written = {
        "parameters": fit.intervals(options.level),
        "runs": _runs(table, fit, odd),
        "budgets": fit.budgets(options.budget or _decades(fit), options.level),
        "approaches": _approaches(table, fit, options),
        **({"next": _next(fit, options)} if options.next and fit.identified else {}),
    }
    lines += _disagreements(written["approaches"])
    _write(options.out, written, lines, table.notes)
    _runs_figure.draw(fit, table, odd, written, options.out / "runs")
    _print(table.notes, written, lines, fit, design(fit.law, fit.runs, fit.search.theta))
    print(f"see {options.out}")
    return 0


def _check(options: Namespace) -> None:
    if not 0 < options.level < 1:
        raise ValueError(f"--level: found {options.level:g}; allowed: a number between 0 and 1")
    if not 20 <= options.resamples <= 100_000:
        raise ValueError(f"--resamples: found {options.resamples}; allowed: 20 to 100000")
    if any(not 0 < budget < float("inf") for budget in options.budget):
        raise ValueError(f"--budget: found {options.budget}; allowed: numbers > 0")
    if options.cost_limit is not None and not 0 < options.cost_limit < float("inf"):
        raise ValueError(f"--cost-limit: found {options.cost_limit:g}; allowed: a number > 0")
    if options.next is not None and (options.next < 1 or not options.cost_limit or not options.budget):
        raise ValueError("--next: needs a number ≥ 1, --cost-limit and --budget (the last one is the target)")
    if options.seed < 0:
        raise ValueError(f"--seed: found {options.seed}; allowed: an integer ≥ 0")


def _fit(table: "RunTable", options: Namespace) -> "RunsFit":
    from scaling.fitting.runs import fit_runs

    return fit_runs(
        table.parameters,
        table.tokens,
        table.loss,
        options.law,
        unique=table.unique if options.law == "data_constrained" else None,
        asymmetric=options.asymmetric,
        operations=table.operations,
        resamples=options.resamples,
        seed=options.seed,
    )


def _named(table: "RunTable", fit: "RunsFit", odd: Any, options: Namespace) -> list[str]:
    """Runs far from the law by name, and what the law is without them."""
    if not len(odd):
        return []
    places = ", ".join(table.places[int(row)] for row in odd[:MOST_NAMED])
    more = f" and {len(odd) - MOST_NAMED} more" if len(odd) > MOST_NAMED else ""
    if len(odd) > MOST_ODD * len(table.loss):
        kept = ", and none is left out" if options.without_odd_runs else ""
        far = f"{len(odd)} runs lie far from the law, the farthest {places}"
        return [f"{far}: it may be the wrong law{kept}; try another --law"]
    without = _fit(_without(table, odd), options)
    both = [f"{name} {value:.4g} instead of {fit.parameters[name]:.4g}" for name, value in without.parameters.items()]
    done = "left out" if options.without_odd_runs else "kept (--without-odd-runs leaves them out)"
    return [f"far from the law, {done}: {places}{more}; without them: {', '.join(both)}"]


def _without(table: "RunTable", rows: Any) -> "RunTable":
    from dataclasses import replace

    import numpy as np

    kept = np.setdiff1d(np.arange(len(table.loss)), rows)
    return replace(
        table,
        parameters=table.parameters[kept],
        tokens=table.tokens[kept],
        loss=table.loss[kept],
        unique=None if table.unique is None else table.unique[kept],
        places=[table.places[row] for row in kept],
    )


def _decades(fit: "RunsFit") -> list[float]:
    """Budgets from the largest of the runs on, three decades."""
    import numpy as np

    largest = fit.runs.n + fit.runs.d + sum(fit.runs.center)
    first = float(np.floor((largest.max() + np.log(fit.operations)) / np.log(10)))
    return [10.0 ** (first + step) for step in range(4)]


def _runs(table: "RunTable", fit: "RunsFit", odd: Any) -> "pd.DataFrame":
    import numpy as np
    import pandas as pd

    columns = {"place": table.places, "N": table.parameters, "D": table.tokens, "loss": table.loss}
    far = np.isin(np.arange(len(table.loss)), odd)
    return pd.DataFrame(columns | {"error": fit.errors, "odd": far})


def _approaches(table: "RunTable", fit: "RunsFit", options: Namespace) -> "pd.DataFrame":
    """N* of each budget by the three approaches; those that the runs do not allow are left out."""
    import pandas as pd

    from scaling.fitting.runs import approaches

    budgets = options.budget or _decades(fit)
    operations = table.operations * table.parameters * table.tokens
    found = [approaches.parametric(fit, budgets, options.level)] if fit.identified else []
    for name in (approaches.LOWEST, approaches.VALLEY):
        columns = (table.parameters, operations, table.loss)
        approach = approaches.approach(name, *columns, APPROACH_RESAMPLES, options.seed)
        if approach is not None and fit.identified:
            found.append(approach.best(budgets, options.level))
    empty = pd.DataFrame(columns=["approach", "C", "N", "N_low", "N_high"])
    return pd.concat(found, ignore_index=True) if found else empty


def _disagreements(table: "pd.DataFrame") -> list[str]:
    lines = []
    for budget, rows in table.groupby("C"):
        if rows["N_low"].max() > rows["N_high"].min():
            sizes = ", ".join(f"{row.N:.3g} by {row.approach}" for row in rows.itertuples())
            lines.append(f"approaches disagree about N* at C = {budget:.3g}: {sizes}; trust none beyond the runs")
    return lines[:2]


def _next(fit: "RunsFit", options: Namespace) -> "pd.DataFrame":
    from scaling.fitting.runs.next_runs import next_runs

    return next_runs(fit, options.next, options.cost_limit, options.budget[-1])


def _write(folder: Path, tables: dict[str, "pd.DataFrame"], lines: list[str], notes: list[str]) -> None:
    from scaling import files

    for old in ("next.csv", "warnings.txt"):
        (folder / old).unlink(missing_ok=True)
    for name, content in tables.items():
        with files.atomic(folder / f"{name}.csv") as path:
            content.to_csv(path, index=False)
    with files.atomic(folder / "warnings.txt") as path:
        path.write_text("".join(f"{line}\n" for line in [*notes, *lines]), encoding="utf-8")


def _print(notes: list[str], tables: dict[str, "pd.DataFrame"], lines: list[str], fit: "RunsFit", told: Any) -> None:
    print(*notes, sep="\n")
    search = fit.search
    print(
        f"{fit.law.source}\n{'converged' if search.converged else 'not converged'},"
        f" {search.agreeing} of {search.starts} starts agree; noise {fit.noise:.2g} in log loss;"
        f" N spans a factor {math.exp(told.spread_of_parameters):.3g}, D {math.exp(told.spread_of_tokens):.3g},"
        f" D/N {math.exp(told.spread_of_ratios):.3g},"
        f" correlation of log N and log D {told.correlation:.2f}, condition {told.condition:.1e}"
    )
    for name, table in tables.items():
        if name != "runs" and len(table):
            print(f"\n{name}\n{table.to_string(index=False, float_format='%.5g')}")
    print(*(f"warning: {line}" for line in lines), sep="\n")
