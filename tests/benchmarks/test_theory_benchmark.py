"""The benchmark of the theory: what it makes of numbers, that it compares like with like, and that it runs."""

import numpy as np
import pytest

from scaling.__main__ import main
from scaling.benchmarks import theory
from scaling.benchmarks.theory import BARS, Bar, Sizes
from scaling.simulation import _committee_kernel as kernel

SMALL = Sizes(curves=16, many=8, integrator=8, descent=16, units=2, last=1000, steps=64)
WORDS = [word for name, value in SMALL._asdict().items() for word in (f"--{name}", str(value))]


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [(1, "missed", "goal"), (2, "must", "goal"), (4, "must", "missed"), (6, "goal", "missed")],
)
def test_verdicts(value: float, least: str, most: str) -> None:
    assert Bar(2, 5, "times").verdict(value) == least
    assert Bar(3, 2, "s").verdict(value) == most


@pytest.mark.parametrize("reached", [True, False])
def test_a_missed_bar_is_the_exit_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], reached: bool
) -> None:
    for name, bar in BARS.items():
        must, goal = (1e-9, 2e-9) if bar.unit == "times" else (2e9, 1e9)
        monkeypatch.setitem(BARS, name, bar._replace(must=must, goal=goal))
    if not reached:
        monkeypatch.setitem(BARS, "speed over DOP853", Bar(1e9, 2e9, "times"))
    assert main(["benchmark", "theory", *WORDS]) == int(not reached)
    lines = capsys.readouterr().out.splitlines()
    assert [line[:28].strip() for line in lines] == list(BARS)
    assert sum(line.endswith("missed") for line in lines) == int(not reached)


def test_both_integrators_solve_the_same_equations() -> None:
    assert theory.integrators(SMALL)["largest relative deviation"] < theory.ACCURACY


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
