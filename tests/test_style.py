"""One look for all figures: the colours, as many looks as are asked for, equal files for equal figures."""

from pathlib import Path

import seaborn as sns
from matplotlib.colors import to_hex

from scaling import style


def test_colours_are_those_for_the_colour_blind() -> None:
    assert [color.lower() for color in style.COLORS] == [to_hex(color) for color in sns.color_palette("colorblind")]


def test_looks_differ_for_as_many_kinds_as_the_markers_times_the_colours_tell_apart() -> None:
    looks = style.looks(40)
    assert len({tuple(look.values()) for look in looks}) == 40


def test_equal_figures_give_equal_files(tmp_path: Path) -> None:
    def drawn(name: str) -> list[bytes]:
        with style.publication():
            figure, (left, right) = style.panels(2)
            left.plot([1, 10, 100], [3, 2, 1], label="measured", **style.looks(1)[0])
            left.set(xscale="log", xlabel="examples", ylabel="error")
            right.plot(range(3))
            figure.legend(*left.get_legend_handles_labels(), loc="outside lower center")
            files = [tmp_path / f"{name}.{kind}" for kind in ("pdf", "png")]
            for file in files:
                style.save(figure, file)
        return [file.read_bytes() for file in files]

    assert drawn("one") == drawn("two")
