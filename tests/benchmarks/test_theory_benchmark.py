"""The benchmark of the theory: what it makes of numbers, that it compares like with like, and that it runs."""

import numpy as np
import pytest

from scaling.__main__ import main
from scaling.benchmarks import _theory_growth, theory
from scaling.benchmarks.theory import BARS, Bar, Sizes
from scaling.simulation import _committee_kernel as kernel

SMALL = Sizes(curves=16, many=8, integrator=8, descent=16, units=2, last=1000, steps=64)
WORDS = [word for name, value in SMALL._asdict().items() for word in (f"--{name}", str(value))]
WORDS += ["--turns", "1"]


@pytest.mark.parametrize("reached", [True, False])
def test_a_missed_bar_is_the_exit_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], reached: bool
) -> None:
    monkeypatch.setattr(_theory_growth, "QUICK", dict.fromkeys(_theory_growth.QUICK, (4, 8, 16)))
    monkeypatch.setattr(_theory_growth, "MAP", 16)
    for name, bar in BARS.items():
        must, goal = (1e-9, 2e-9) if bar.unit == "times" else (2e9, 1e9)
        monkeypatch.setitem(BARS, name, bar._replace(must=must, goal=goal))
    if not reached:
        monkeypatch.setitem(BARS, "speed over DOP853", Bar(1e9, 2e9, "times"))
    assert main(["benchmark", "theory", *WORDS]) == int(not reached)
    lines = capsys.readouterr().out.splitlines()
    assert [line[:44].strip() for line in lines[: len(BARS)]] == list(BARS)
    assert [line[:44].strip() for line in lines if line.startswith("power of time in ")] == [
        f"power of time in {axis}" for axis in ("eigenvalues", "units", "points")
    ]
    assert sum(line.endswith("missed") for line in lines) == int(not reached)


def test_both_integrators_solve_the_same_equations() -> None:
    assert max(theory.integrators(SMALL, 1)["largest relative deviation"]) < theory.ACCURACY


def test_plain_descent_is_the_blocked_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the same examples."""
    students, teachers = theory.draw_weights(0, students=3, teachers=3, dimension=16, init_scale=0.1)
    spectrum = theory.by_direction(theory.power_law_eigenvalues(8, 1.0), 16)
    white = np.random.default_rng(0).standard_normal((1, kernel.BLOCK, 16))
    monkeypatch.setattr(kernel.Noise, "block", lambda *_: kernel.torch.from_numpy(white))
    run = theory.descend(
        [1.0], students=students, teachers=teachers, eigenvalues=spectrum, learning_rate=0.3, seeds=[0]
    )

    class Replay:
        rows = iter(white[0])

        def standard_normal(self, size: int) -> theory.FloatArray:
            return next(self.rows)

    monkeypatch.setattr(theory, "generator", lambda *_: Replay())
    weights = theory.plain_descent(students, teachers, spectrum, 0.3, 16)
    np.testing.assert_allclose(weights * spectrum / 16 @ weights.T, run.Q[0, 0], rtol=1e-10)


def test_a_worse_power_is_seen() -> None:
    """Planted times: a constant overhead on small sizes is left out, and ten times as much takes 10 to the power."""
    sizes = (1, 4, 16, 64, 256, 1024, 4096)
    for planted in (1.0, 1.5):
        taken = [max(1.0, (size / 64) ** planted) for size in sizes]
        slope, tenfold = _theory_growth.of_power("eigenvalues", sizes, taken)
        assert (slope.value, tenfold.value) == pytest.approx((planted, 10**planted))
